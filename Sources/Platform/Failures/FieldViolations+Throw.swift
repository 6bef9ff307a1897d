import FieldViolations

extension [FieldViolation] {
  /// Throws everything that was noted, if anything was.
  package func throwIfAny() throws(InvalidInput) {
    guard isEmpty else { throw InvalidInput(self) }
  }
}
