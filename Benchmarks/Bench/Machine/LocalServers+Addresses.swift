import LocalServers
import Logging

extension LocalServers {
  /// The URL of another database of the same PostgreSQL.
  func databaseURL(of name: String) throws -> String {
    guard let url = databaseURL, let slash = url.lastIndex(of: "/") else {
      throw Program.Failure(description: "PostgreSQL was not started")
    }
    return url[...slash] + name
  }

  func redisAddress() throws -> String {
    guard let redisURL else { throw Program.Failure(description: "Redis was not started") }
    return redisURL
  }

  func brokerAddress() throws -> String {
    guard let mqURL else { throw Program.Failure(description: "RabbitMQ was not started") }
    return mqURL
  }
}

extension Logger {
  /// Drivers log what goes wrong, and report it as an error as well.
  static var silent: Logger {
    Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
  }
}
