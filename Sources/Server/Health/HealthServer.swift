import FoundationEssentials
package import Hummingbird
import Logging
import Platform
package import Prometheus

/// `GET /healthz`, `/readyz` and `/metrics`, on a port of their own.
package enum HealthServer {
  package static func router(readiness: Readiness, metrics: PrometheusRegistry) -> Router<
    BasicRequestContext
  > {
    let router = Router()
    router.get("/healthz") { _, _ in Self.response(.ok, #"{"status":"ok"}"#) }
    router.get("/readyz") { _, _ in
      let report = await readiness.report()
      return Self.response(
        report.isReady ? .ok : .serviceUnavailable,
        try Self.body(report, names: readiness.names)
      )
    }
    router.get("/metrics") { _, _ in
      Response(
        status: .ok,
        headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: .init(byteBuffer: ByteBuffer(string: metrics.render()))
      )
    }
    return router
  }

  /// The body of `/readyz`, its keys in the order that the contract shows them.
  static func body(_ report: Readiness.Report, names: [String]) throws -> String {
    var fields = [#""status":"\#(report.isReady ? "ok" : "error")""#]
    fields += names.map { #""\#($0)":"\#(report.failures[$0] == nil ? "ok" : "error")""# }
    if !report.isReady {
      let reason = report.failures.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        .joined(separator: "; ")
      fields.append(#""error":\#(String(decoding: try JSON.encode(reason), as: UTF8.self))"#)
    }
    return "{\(fields.joined(separator: ","))}"
  }

  private static func response(_ status: HTTPResponse.Status, _ json: String) -> Response {
    Response(
      status: status,
      headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(string: json))
    )
  }
}
