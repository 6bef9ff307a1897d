import AgentProtocols
import HTTPEdge
import HTTPTypes
import Hummingbird
import Platform

/// SSPanel's mod_mu, the way XrayR's SSpanel mode and its relatives talk to a panel.
///
/// Agents put the node server's token into the query as `key`, `muKey` or both. Source: SSPanel-UIM
/// 25.1 and XrayR 25.3.6.
struct ModMuRoutes: Sendable {
  let telecom: Telecom
  let lists: NodeUserListCache

  func info(_ request: Request, node: String?) async throws -> Response {
    let read = ReadModMuNode(
      credentials: try request.modMuCredentials(node: node),
      known: request.headers[.ifNoneMatch]
    )
    return Response(modMu: try await telecom.process(read))
  }

  /// The load of a node as text, from agents of panels before 2023.2. They repeat the report until
  /// it is answered.
  func load(_ request: Request, node: String?) async throws -> Response {
    _ = try await telecom.process(
      AuthenticateNode(credentials: request.modMuCredentials(node: node))
    )
    return .done
  }

  func users(_ request: Request) async throws -> Response {
    let read = ReadModMuUsers(
      credentials: try request.modMuCredentials(),
      known: request.headers[.ifNoneMatch],
      lists: lists
    )
    let answer = try await telecom.process(read)
    var response = Response(answer)
    response.headers[.eTag] = answer.tag.weakHeaderValue
    return response
  }

  func traffic(_ request: Request) async throws -> Response {
    let arrival = telecom.clock.now
    let agent = try await telecom.process(AuthenticateNode(credentials: request.modMuCredentials()))
    let report = try TrafficReport(modMu: try await request.bytes(upTo: TrafficReport.longestBody))
    let kept = try await telecom.process(AcceptTraffic(agent: agent, report: report))
    guard let kept else { return .done }
    return .done { await telecom.noteAnswer(to: kept, since: arrival) }
  }

  func aliveIPs(_ request: Request) async throws -> Response {
    let agent = try await telecom.process(AuthenticateNode(credentials: request.modMuCredentials()))
    let report = try DeviceReport(modMu: try await request.bytes(upTo: TrafficReport.longestBody))
    try await telecom.process(RecordDevices(agent: agent, report: report))
    return .done
  }

  func ruleHits(_ request: Request) async throws -> Response {
    let agent = try await telecom.process(AuthenticateNode(credentials: request.modMuCredentials()))
    let hits = try RuleHits(modMu: try await request.bytes(upTo: TrafficReport.longestBody))
    try await telecom.process(RecordRuleHits(agent: agent, hits: hits))
    return .done
  }

  func rules(_ request: Request) async throws -> Response {
    let body = ModMuRules.encode(
      try await telecom.process(ReadModMuRules(credentials: request.modMuCredentials()))
    )
    return Response(
      modMu: TaggedAnswer(EntityTag(of: body), known: request.headers[.ifNoneMatch]) { body }
    )
  }

  func ping(_ request: Request) async throws -> Response {
    _ = try await telecom.process(ReadModMuRules(credentials: request.modMuCredentials()))
    return Response(json: Array(#"{"ret":1,"msg":"Pong? Pong!"}"#.utf8))
  }
}

extension Request {
  /// `node`: from the path. Calls may omit the node (rules and ping always do), since a key belongs
  /// to one node unless it is the global token.
  fileprivate func modMuCredentials(node: String? = nil) throws(NodeAgent.AccessError)
    -> NodeCredentials
  {
    let query = uri.queryParameters
    return try NodeCredentials(
      key: (query["key"] ?? query["muKey"]).map(String.init),
      node: node ?? query["node_id"].map(String.init)
    )
  }
}

extension Response {
  fileprivate static var done: Response { done {} }

  fileprivate static func done(onWritten: @escaping @Sendable () async -> Void) -> Response {
    Response(json: #"{"ret":1,"msg":"ok"}"#, onWritten: onWritten)
  }

  /// With a weak tag, as this panel's are.
  fileprivate init(modMu answer: TaggedAnswer) {
    self.init(answer, contentType: "application/json")
    headers[.eTag] = answer.tag.weakHeaderValue
  }
}
