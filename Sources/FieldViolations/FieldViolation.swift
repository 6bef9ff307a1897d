/// One field that isn't as it must be.
package struct FieldViolation: Hashable, Sendable, Codable {
  /// The field's path from the top of the request or document, with dots between its parts.
  package let field: String
  /// What the field must be: a phrase that reads on from its name.
  package let description: String

  package init(_ field: String, _ description: String) {
    self.field = field
    self.description = description
  }

  /// The same violation as a field of the message, or entry, that `parent` names.
  package func inside(_ parent: String) -> FieldViolation {
    FieldViolation("\(parent).\(field)", description)
  }
}

extension [FieldViolation] {
  /// Notes that `field` is wrong: what it must be, as a phrase that reads on from its name.
  package mutating func add(_ field: String, _ description: String) {
    append(FieldViolation(field, description))
  }

  /// Notes that `field` must be as described, unless it is.
  package mutating func check(
    _ isValid: Bool,
    _ field: String,
    _ description: @autoclosure () -> String
  ) {
    if !isValid { add(field, description()) }
  }

  /// The same violations as fields of the message, or entry, that `parent` names.
  package func inside(_ parent: String) -> [FieldViolation] {
    map { $0.inside(parent) }
  }
}
