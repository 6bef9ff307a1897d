import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Hummingbird
import Logging
import Platform
import Redis
import Synchronization
import TestKit
import Testing
import WorldKit

@testable import Telecom

/// Calls the routes as their server does, without a socket.
struct RouterClient: Sendable {
  let telecom: TelecomWorld
  let redis: RedisClient
  let fetches: FetchRecorder
  private let responder: RouterResponder<HTTPCall>

  init(_ telecom: TelecomWorld) {
    self.telecom = telecom
    redis = telecom.telecom.redis
    let router = Router(context: HTTPCall.self)
    fetches = telecom.telecom.fetches
    telecom.telecom.addRoutes(of: .subscribeAPI, to: router)
    telecom.telecom.addRoutes(of: .nodeAPI, to: router)
    responder = router.buildResponder()
  }

  func send(
    _ path: String,
    method: HTTPRequest.Method = .get,
    headers: [String: String] = [:],
    body: [UInt8] = []
  ) async throws -> Answer {
    var fields = HTTPFields()
    for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
    let head = HTTPRequest(
      method: method,
      scheme: "http",
      authority: "localhost",
      path: path,
      headerFields: fields
    )
    let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: body)))
    let response = try await responder.respond(
      to: request,
      context: HTTPCall(peer: "", logger: Logger(label: "helium.test"))
    )
    return try await OpenAnswer(response: response).write()
  }

  /// An answer that is ready and has not been written to its connection.
  struct OpenAnswer {
    let response: Response

    @discardableResult
    func write() async throws -> Answer {
      let collected = BodyCollector()
      try await response.body.write(collected)
      return Answer(status: response.status.code, headers: response.headers, body: collected.bytes)
    }
  }

  /// A call of the first server's agent up to the moment before its answer is written.
  func open(_ action: String, method: HTTPRequest.Method, body: String) async throws -> OpenAnswer {
    let token = telecom.server.token.text
    return try await open(
      path: "/api/v1/server/UniProxy/\(action)?token=\(token)&node_id=\(telecom.server.server.id)",
      method: method,
      body: body
    )
  }

  func open(path: String, method: HTTPRequest.Method, body: String) async throws -> OpenAnswer {
    let head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path)
    let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body)))
    return OpenAnswer(
      response: try await responder.respond(
        to: request,
        context: HTTPCall(peer: "", logger: Logger(label: "helium.test"))
      )
    )
  }

  /// A call of the agent of `node`, which has the world's first server by default.
  func agent(
    _ action: String,
    of node: IssuedNodeServer? = nil,
    type: String? = "shadowsocks",
    method: HTTPRequest.Method = .get,
    headers: [String: String] = [:],
    body: String = ""
  ) async throws -> Answer {
    let node = node ?? telecom.server
    let token = node.token.text
    let path =
      "/api/v1/server/UniProxy/\(action)?token=\(token)&node_id=\(node.server.id)"
      + (type.map { "&node_type=\($0)" } ?? "")
    return try await send(path, method: method, headers: headers, body: Array(body.utf8))
  }

  func push(_ body: String, of node: IssuedNodeServer? = nil) async throws -> Answer {
    try await agent("push", of: node, method: .post, body: body)
  }

  /// An answer, read whole.
  struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var tag: String? { headers[.eTag] }
    var message: String? { (try? JSON.decode([String: String].self, from: body))?["message"] }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
  }
}

func withRoutes<R: Sendable>(
  settings: TelecomSettings = TelecomSettings(),
  _ body: (RouterClient) async throws -> R
) async throws -> R {
  try await withWorld { world in
    try await withTestRedis { server in
      let redis = RedisClient(configuration: try RedisConfiguration(url: server.url))
      do {
        let telecom = try await TelecomWorld(world, settings: settings, redis: redis)
        let result = try await body(RouterClient(telecom))
        await redis.close()
        return result
      } catch {
        await redis.close()
        throw error
      }
    }
  }
}

private final class BodyCollector: ResponseBodyWriter {
  private let collected = Mutex<[UInt8]>([])

  var bytes: [UInt8] { collected.withLock { $0 } }

  func write(_ buffer: ByteBuffer) async throws {
    collected.withLock { $0 += Array(buffer.readableBytesView) }
  }

  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
