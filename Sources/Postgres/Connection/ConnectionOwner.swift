/// What owns connections and hears of them, from any thread and never under a connection's lock.
protocol ConnectionOwner: AnyObject, Sendable {
  /// The connection is free. The owner may return the next call for it.
  func givenBack(_ connection: ServerConnection) -> Call?
  /// The connection was gone before it could take the call.
  func returned(_ call: Call, from connection: ServerConnection)
  func failed(statements: Int)
  /// Whether no other call than one is under way.
  var isQuiet: Bool { get }
  /// The connection is gone. It is told once.
  func ended(_ connection: ServerConnection, reason: String)
  func notified(_ messages: [PostgresNotification])
}
