import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Platform
import Prometheus
import Synchronization
import Testing

@testable import Server

@Suite struct HealthServerTests {
  private func get(_ path: String, _ readiness: Readiness) async throws -> (
    status: Int, type: String?, body: String
  ) {
    let responder = HealthServer.router(readiness: readiness, metrics: PrometheusRegistry())
      .buildResponder()
    let request = Request(
      head: HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: path),
      body: RequestBody(buffer: ByteBuffer())
    )
    let context = BasicRequestContext(
      source: ApplicationRequestContextSource(
        channel: EmbeddedChannel(),
        logger: Logger(label: "test")
      )
    )
    let response = try await responder.respond(to: request, context: context)
    let collected = Collector()
    try await response.body.write(collected)
    return (
      Int(response.status.code), response.headers[.contentType], collected.text.withLock { $0 }
    )
  }

  private final class Collector: ResponseBodyWriter {
    let text = Mutex("")

    func write(_ buffer: ByteBuffer) async throws {
      text.withLock { $0 += String(buffer: buffer) }
    }

    func finish(_ trailers: HTTPFields?) async throws {}
  }

  private struct Refused: Error, CustomStringConvertible {
    var description: String { "Connection \"refused\"" }
  }

  @Test func `healthz says that the process lives, also when nothing else does`() async throws {
    let answer = try await get("/healthz", Readiness([.init("database") { throw Refused() }]))
    #expect(answer.status == 200)
    #expect(answer.type == "application/json")
    #expect(answer.body == #"{"status":"ok"}"#)
  }

  @Test func `readyz names every part, in the order of the contract`() async throws {
    let answer = try await get(
      "/readyz",
      Readiness([.init("database") {}, .init("redis") {}, .init("rabbitmq") {}])
    )
    #expect(answer.status == 200)
    #expect(answer.body == #"{"status":"ok","database":"ok","redis":"ok","rabbitmq":"ok"}"#)
  }

  @Test func `readyz says which part fails and why`() async throws {
    let answer = try await get(
      "/readyz",
      Readiness([.init("database") {}, .init("redis") { throw Refused() }, .init("rabbitmq") {}])
    )
    #expect(answer.status == 503)
    #expect(
      answer.body
        == #"{"status":"error","database":"ok","redis":"error","rabbitmq":"ok","error":"redis: Connection \"refused\""}"#
    )
  }

  @Test func `a draining worker is not ready`() async throws {
    let readiness = Readiness([.init("database") {}])
    await readiness.drain()
    let answer = try await get("/readyz", readiness)
    #expect(answer.status == 503)
    #expect(answer.body == #"{"status":"error","database":"ok","error":"worker: draining"}"#)
  }

  @Test func `metrics are in Prometheus's text format`() async throws {
    let answer = try await get("/metrics", Readiness([]))
    #expect(answer.status == 200)
    #expect(answer.type == "text/plain; version=0.0.4; charset=utf-8")
  }
}
