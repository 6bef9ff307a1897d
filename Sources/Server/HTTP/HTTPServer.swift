import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCertificateReloading
import NIOCore
import NIOSSL
import ServiceLifecycle

/// Serves one router on one address until it is told to drain: requests under way are finished, and
/// no new ones taken.
struct HTTPServer: Service {
  /// A client that sends nothing, or not even a whole head, is disconnected after this long. Agents
  /// reconnect every minute anyway.
  static let idleTimeout = TimeAmount.seconds(30)
  /// Tokens, tags and what browsers send take a few hundred bytes; the rest is for proxies in
  /// between.
  static let headerLimits = HTTP1Channel.Configuration.DecoderConfiguration(
    maxHeaderFieldSize: 8 << 10,
    maxHeaderListSize: 32 << 10,
    maxHeaderFieldCount: 100
  )

  private let application: any Service
  private let address: ListenAddress
  private let variable: String

  /// - Parameters:
  ///   - variable: the environment variable that names `address`.
  ///   - purpose: what is served, for the log.
  init<Context: Hummingbird.RequestContext>(
    _ router: Router<Context>,
    on address: ListenAddress,
    variable: String,
    certificate: CertificateFiles?,
    purpose: String,
    idleTimeout: TimeAmount = idleTimeout,
    requestDeadline: TimeAmount = RequestLimits.usualDeadline,
    logger: Logger,
    onListening: @escaping @Sendable (any NIOCore.Channel) async -> Void = { _ in }
  ) throws where Context.Source == ApplicationRequestContextSource {
    self.address = address
    self.variable = variable
    let channel = HTTP1Channel.Configuration(
      additionalChannelHandlers: [RequestLimits(deadline: requestDeadline), AnswerLimits()],
      idleTimeout: idleTimeout,
      httpDecoderConfiguration: Self.headerLimits
    )
    let plain = HTTPServerBuilder { responder in
      EventLoopChannel(base: HTTP1Channel(responder: responder, configuration: channel))
    }
    let server =
      if let certificate {
        try HTTPServerBuilder.tls(
          plain,
          tlsConfiguration: .makeServerConfiguration(certificateReloader: certificate)
        )
      } else {
        plain
      }
    application = Application(
      router: router,
      server: server,
      configuration: ApplicationConfiguration(
        address: .hostname(address.host, port: address.port),
        serverName: "helium"
      ),
      onServerRunning: { channel in
        logger.info(
          "serving \(purpose) on \(channel.localAddress?.description ?? address.description)"
        )
        await onListening(channel)
      },
      logger: logger
    )
  }

  func run() async throws {
    do {
      try await application.run()
    } catch let error as IOError {
      throw ListenFailure(address: address, variable: variable, reason: "\(error)")
    }
  }
}

/// A port could not be listened on.
struct ListenFailure: Error, CustomStringConvertible {
  let address: ListenAddress
  let variable: String
  let reason: String

  var description: String {
    "can't listen on \(address): \(reason); stop what listens there or set \(variable) to another address"
  }
}
