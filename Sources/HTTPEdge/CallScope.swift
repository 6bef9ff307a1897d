package import Logging
package import Platform
import ServiceContextModule

/// What every call from outside runs in, over gRPC or HTTP: a request id, a trace, and a logger
/// that tells both.
package struct CallScope: Sendable {
  package let requestID: String
  package let trace: TraceContext
  package let logger: Logger

  /// - Parameters:
  ///   - requestID: what the client sent as `x-request-id`; kept when it is short printable ASCII,
  ///     else a new one is made.
  ///   - traceparent: the header of W3C Trace Context; a trace starts here when it is missing or
  ///     malformed.
  ///   - method: what is called, for the log.
  package init(requestID: String?, traceparent: String?, method: String, ids: IdentifierSource) {
    self.requestID = requestID.flatMap(Self.acceptable) ?? ids.next(RequestContext.self).description
    trace = traceparent.flatMap(TraceContext.init(traceparent:)) ?? Self.newTrace()
    var logger = Telemetry.logger
    logger[metadataKey: LogKey.requestID] = "\(self.requestID)"
    logger[metadataKey: LogKey.traceID] = "\(trace.traceID)"
    logger[metadataKey: LogKey.method] = "\(method)"
    self.logger = logger
  }

  /// Runs `body` with this trace and logger in effect.
  package func run<R>(_ body: () async throws -> R) async rethrows -> R {
    var service = ServiceContext.current ?? .topLevel
    service.trace = trace
    return try await ServiceContext.withValue(service) {
      try await Telemetry.$logger.withValue(logger) { try await body() }
    }
  }

  /// A longer id would be a payload, and other bytes could harm readers of the log.
  private static let longestID = 128

  private static func acceptable(_ id: String) -> String? {
    (1...longestID).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
      ? id : nil
  }

  private static func newTrace() -> TraceContext {
    var generator = SystemRandomNumberGenerator()
    return TraceContext(using: &generator)
  }
}
