import AgentProtocols
import HTTPEdge
import HTTPTypes
import Hummingbird
import Platform

/// UniProxy, the way most node agents talk to a panel.
///
/// Agents put `token`, `node_id` and `node_type` into the query of every call; Xboard-Node puts
/// them into the body. Agents judge an answer by its status alone, so every error has a status of
/// 4xx or 5xx, and a body of JSON.
struct NodeRoutes: Sendable {
  let telecom: Telecom
  let lists: NodeUserListCache

  func config(_ request: Request) async throws -> Response {
    let answer = try await telecom.process(
      ReadNodeConfig(credentials: request.nodeCredentials(), known: request.headers[.ifNoneMatch])
    )
    return Response(answer, contentType: "application/json")
  }

  func user(_ request: Request) async throws -> Response {
    let read = ReadNodeUsers(
      credentials: try request.nodeCredentials(),
      encoding: request.userEncoding,
      known: request.headers[.ifNoneMatch],
      lists: lists
    )
    return Response(try await telecom.process(read))
  }

  func push(_ request: Request) async throws -> Response {
    let arrival = telecom.clock.now
    let agent = try await telecom.process(AuthenticateNode(credentials: request.nodeCredentials()))
    let report = try TrafficReport(body: try await request.bytes(upTo: TrafficReport.longestBody))
    let kept = try await telecom.process(AcceptTraffic(agent: agent, report: report))
    guard let kept else { return .accepted }
    return .accepted { await telecom.noteAnswer(to: kept, since: arrival) }
  }

  func alive(_ request: Request) async throws -> Response {
    let agent = try await telecom.process(AuthenticateNode(credentials: request.nodeCredentials()))
    let report = try DeviceReport(
      uniProxy: try await request.bytes(upTo: TrafficReport.longestBody)
    )
    try await telecom.process(RecordDevices(agent: agent, report: report))
    return .accepted
  }

  /// Agents can't read an empty list here: without users it is an empty object.
  func aliveList(_ request: Request) async throws -> Response {
    _ = try await telecom.process(AuthenticateNode(credentials: request.nodeCredentials()))
    let counts = try await telecom.process(CountDevices())
    let alive = Dictionary(uniqueKeysWithValues: counts.map { (String($0.key), $0.value) })
    return Response(json: try JSON.encode(["alive": alive]))
  }

  func status(_ request: Request) async throws -> Response {
    let agent = try await telecom.process(AuthenticateNode(credentials: request.nodeCredentials()))
    let status = try NodeStatus(body: try await request.bytes(upTo: NodeStatus.longestBody))
    try await telecom.process(
      RecordNodeStatus(agent: agent, status: status, metrics: nil)
    )
    return Response(json: Array(#"{"data":true,"code":0,"message":"success"}"#.utf8))
  }

  func handshake(_ request: Request) async throws -> Response {
    let call = try NodeCall(body: try await request.bytes(upTo: NodeCall.longestHandshake))
    let agent = try await telecom.process(
      AuthenticateNode(credentials: request.nodeCredentials(call))
    )
    let answer = UniProxyHandshake(
      pushInterval: Int(agent.pushInterval),
      pullInterval: Int(agent.pullInterval)
    )
    return Response(json: answer.encoded())
  }

  /// The traffic counts even if the rest is wrong, since a refused report would come again with all
  /// of it.
  func report(_ request: Request) async throws -> Response {
    let arrival = telecom.clock.now
    let call = try NodeCall(body: try await request.bytes(upTo: NodeCall.longestBody))
    let agent = try await telecom.process(
      AuthenticateNode(credentials: request.nodeCredentials(call))
    )
    let kept = try await telecom.process(
      AcceptTraffic(agent: agent, report: try TrafficReport(body: call.traffic))
    )
    if let report = call["alive"].flatMap({ try? DeviceReport(uniProxy: $0) }) {
      try await telecom.process(RecordDevices(agent: agent, report: report))
    }
    if let status = call["status"].flatMap({ try? NodeStatus(body: $0) }) {
      let metrics = call["metrics"].flatMap { try? JSON.decode(NodeMetrics.self, from: $0) }
      try await telecom.process(
        RecordNodeStatus(agent: agent, status: status, metrics: metrics)
      )
    }
    guard let kept else { return .accepted }
    return .accepted { await telecom.noteAnswer(to: kept, since: arrival) }
  }
}

extension NodeCall {
  /// A report of traffic, and one of addresses beside it.
  fileprivate static let longestBody = 2 * TrafficReport.longestBody
  /// Credentials, and what newer agents say of themselves.
  fileprivate static let longestHandshake = 16 << 10
}

extension Request {
  fileprivate func nodeCredentials(_ call: NodeCall? = nil) throws(InvalidInput) -> NodeCredentials
  {
    let query = uri.queryParameters
    func parameter(_ name: String) -> String? {
      call?.text(name) ?? query[Substring(name)].map(String.init)
    }
    return try NodeCredentials(
      nodeID: parameter("node_id"),
      token: parameter("token"),
      nodeType: parameter("node_type")
    )
  }

  fileprivate var userEncoding: NodeUserEncoding {
    headers[.responseFormat]?.lowercased() == "msgpack" ? .messagePack : .json
  }
}

extension HTTPField.Name {
  fileprivate static let responseFormat = Self("X-Response-Format")!
}

extension Response {
  fileprivate static var accepted: Response { accepted {} }

  fileprivate static func accepted(onWritten: @escaping @Sendable () async -> Void) -> Response {
    Response(json: #"{"data":true}"#, onWritten: onWritten)
  }

  /// `onWritten` runs once the whole answer has been handed to the connection, and not if that
  /// fails.
  init(json: String, onWritten: @escaping @Sendable () async -> Void) {
    let json = ByteBuffer(string: json)
    let body = ResponseBody(contentLength: json.readableBytes) { writer in
      try await writer.write(json)
      try await writer.finish(nil)
      await onWritten()
    }
    self.init(status: .ok, headers: [.contentType: "application/json"], body: body)
  }

  /// A long list is sent in pieces, each when the connection has taken the previous one. If sending
  /// fails, the connection is closed before the end of the body, so that no agent mistakes a part
  /// for the whole list.
  init(_ answer: NodeUserAnswer) {
    switch answer {
    case .unchanged(let tag):
      self.init(status: .notModified, headers: [.eTag: tag.headerValue])
    case .changed(let tag, let document):
      let body =
        document.isShort
        ? ResponseBody(byteBuffer: ByteBuffer(bytes: document.bytes))
        : ResponseBody { writer in
          for piece in document.pieces { try await writer.write(ByteBuffer(bytes: piece)) }
          try await writer.finish(nil)
        }
      self.init(
        status: .ok,
        headers: [.eTag: tag.headerValue, .contentType: document.contentType],
        body: body
      )
    }
  }
}
