package import Platform

extension Identifier {
  /// Parses a field of a request; throws with its name if it is wrong.
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
