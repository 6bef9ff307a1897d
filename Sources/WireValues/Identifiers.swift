package import Platform

extension Identifier {
  /// Parses a request's field, or names it.
  package init(_ text: String, field: String) throws(InvalidInput) {
    guard let identifier = Identifier(text) else { throw InvalidInput(field, "must be a UUID") }
    self = identifier
  }
}

extension PageRequest {
  /// The page that a list request asks for.
  package init(pageSize: Int32, pageToken: String) throws(PageError) {
    try self.init(size: Int(pageSize), token: pageToken)
  }
}
