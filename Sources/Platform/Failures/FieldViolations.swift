extension [FieldViolation] {
  /// Notes that `field` is wrong: what it must be, as a phrase that reads on from its name.
  package mutating func add(_ field: String, _ description: String) {
    append(FieldViolation(field: field, description: description))
  }

  /// Notes that `field` must be as described, unless it is.
  package mutating func check(
    _ isValid: Bool,
    _ field: String,
    _ description: @autoclosure () -> String
  ) {
    if !isValid { add(field, description()) }
  }

  /// Throws everything that was noted, if anything was.
  package func throwIfAny() throws(InvalidInput) {
    guard isEmpty else { throw InvalidInput(self) }
  }

  /// The same violations as fields of the message, or entry, that `parent` names.
  package func inside(_ parent: String) -> [FieldViolation] {
    map { FieldViolation(field: "\(parent).\($0.field)", description: $0.description) }
  }
}
