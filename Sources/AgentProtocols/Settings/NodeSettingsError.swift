/// One field that is not as it must be.
package struct FieldViolation: Sendable, Hashable {
  /// The field's path in the settings' JSON, with dots between its parts.
  package let field: String
  /// What the field must be: a phrase that reads on from its name.
  package let reason: String

  package init(_ field: String, _ reason: String) {
    self.field = field
    self.reason = reason
  }

  func inside(_ parent: String) -> FieldViolation {
    FieldViolation(parent + "." + field, reason)
  }
}

/// Settings that can't be used.
package struct NodeSettingsError: Error, Hashable {
  /// Never empty.
  package let violations: [FieldViolation]
}
