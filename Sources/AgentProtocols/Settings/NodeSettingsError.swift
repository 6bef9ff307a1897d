package import FieldViolations

/// Settings that can't be used.
package struct NodeSettingsError: Error, Hashable {
  /// Never empty.
  package let violations: [FieldViolation]
}
