import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@testable import Server

/// Runs an HTTP server on a free port while `body` runs, then drains it.
func withHTTPServer<Context: Hummingbird.RequestContext>(
  _ router: Router<Context>,
  certificate: CertificateFiles? = nil,
  idleTimeout: TimeAmount = HTTPServer.idleTimeout,
  requestDeadline: TimeAmount = RequestLimits.usualDeadline,
  _ body: @Sendable (_ port: Int, _ group: ServiceGroup) async throws -> Void
) async throws where Context.Source == ApplicationRequestContextSource {
  var logger = Logger(label: "test")
  logger.logLevel = .critical
  let (ports, port) = AsyncStream.makeStream(of: Int.self)
  let server = try HTTPServer(
    router,
    on: ListenAddress(host: "127.0.0.1", port: 0),
    variable: "TEST_LISTEN",
    certificate: certificate,
    purpose: "tests",
    idleTimeout: idleTimeout,
    requestDeadline: requestDeadline,
    logger: logger
  ) { channel in
    port.yield(channel.localAddress?.port ?? 0)
  }
  let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
  try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask { try await group.run() }
    var iterator = ports.makeAsyncIterator()
    let port = try #require(await iterator.next())
    do {
      try await body(port, group)
    } catch {
      await group.triggerGracefulShutdown()
      throw error
    }
    await group.triggerGracefulShutdown()
    try await tasks.waitForAll()
  }
}
