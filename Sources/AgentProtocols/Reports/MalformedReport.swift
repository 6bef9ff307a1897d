/// A body that isn't what an agent's protocol has it send.
package struct MalformedReport: Error, Hashable {
  /// What the body must be: a phrase that reads on from its name.
  package let expectation: String

  init(_ expectation: String) {
    self.expectation = expectation
  }

  init(_ failure: JSONScanner.Failure) {
    expectation = "\(failure.expected) at byte \(failure.position)"
  }
}
