package import AgentProtocols
package import Platform

/// An agent is answered as anybody whose input is wrong.
extension MalformedReport: DomainError {
  package var kind: FailureKind { .invalidArgument }
  package var reason: String { "INVALID_INPUT" }
  package var message: String { "body \(expectation)" }
}
