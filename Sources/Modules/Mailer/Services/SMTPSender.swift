import Logging
import SMTP
import ServiceLifecycle
import Synchronization

/// Sends over the server that the settings name at the moment.
///
/// The client of a URL is kept with its open sessions until another URL is used; mails on their way
/// over the old one finish there.
final class SMTPSender: Service {
  private struct State {
    var url = ""
    var client: SMTPClient?
  }

  private let logger: Logger
  private let state = Mutex(State())

  init(logger: Logger) {
    self.logger = logger
  }

  /// Sends over the server of `url`. Throws `SMTPError`, or what is wrong with the URL.
  ///
  /// - Parameter deadline: how long it may take; nil: as long as the URL says.
  func send(
    _ message: SMTPMessage,
    over url: String,
    deadline: Duration? = nil
  ) async throws -> SMTPReply {
    let (client, retired) = try client(of: url)
    let result: Result<SMTPReply, SMTPError>
    do {
      result = .success(try await client.send(message, deadline: deadline))
    } catch {
      result = .failure(error)
    }
    // After the send, so that the mail doesn't wait for the old server.
    await retired?.close()
    return try result.get()
  }

  /// Waits until the worker stops, and then ends the sessions after the mails on their way.
  func run() async {
    // Sessions end just the same if the worker is cancelled.
    try? await gracefulShutdown()
    await close()
  }

  func close() async {
    let client = state.withLock { state in
      defer { state = State() }
      return state.client
    }
    await client?.close()
  }

  private func client(of url: String) throws -> (client: SMTPClient, retired: SMTPClient?) {
    try state.withLock { state in
      if let client = state.client, state.url == url { return (client, nil) }
      let client = SMTPClient(configuration: try SMTPConfiguration(url: url), logger: logger)
      let retired = state.client
      state = State(url: url, client: client)
      return (client, retired)
    }
  }
}
