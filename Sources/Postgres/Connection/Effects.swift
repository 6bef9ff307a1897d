/// What is left to do once a connection's lock has been left.
struct Effects {
  private typealias Finished = (call: Call, result: Result<Call.Value, any Error>)

  // One call is the rule; the array is for shared connections.
  private var first: Finished?
  private var more: [Finished] = []
  var givenBack = false
  var ended: String?
  var cancel: CancelRequest?
  var notifications: [PostgresNotification] = []
  /// Errors that the server reported.
  var failures = 0
  var wakeBy: MonotonicTime?

  /// Adds a call that has been claimed.
  mutating func finish(_ call: Call, _ result: Result<Call.Value, any Error>) {
    if first == nil { first = (call, result) } else { more.append((call, result)) }
  }

  func resumeCalls() {
    if let first { first.call.resume(first.result) }
    for finished in more { finished.call.resume(finished.result) }
  }
}
