import AgentProtocols
import Platform

/// The configuration file of the program that is to serve a node server; throws
/// `NodeServer.SnippetError`.
///
/// Only hashes of tokens are stored. The operator supplies the token, or the file has a
/// placeholder.
struct GetNodeSnippet: AdminOperation {
  static let permission = Permission("telecom.node_server.configure", .moderators)

  let id: NodeServer.ID
  let program: NodeSnippet
  let token: NodeToken?

  /// What an operator has to replace.
  static let placeholderToken = "TOKEN"
  static let placeholderURL = "https://NODE-API"

  var target: AuditTarget { AuditTarget("node_server", String(id)) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> String {
    guard
      let row = try await telecom.process(NodeServer.Find(now: telecom.clock.now, id: id))
    else {
      throw NotFound("nodeServer")
    }
    if let token,
      try await telecom.process(NodeServer.FindByToken(tokenHash: token.hash)) != id
    {
      throw InvalidInput("token", "must be the server's token, or empty")
    }
    // sing-box doesn't call the node API, so the file contains the current users.
    let users =
      program == .singBox
      ? try await telecom.process(
        NodeServer.ListUsers(now: telecom.clock.now, serverID: id)
      ) : []
    let panel = NodePanel(
      url: telecom.settings().nodeAPIURL ?? Self.placeholderURL,
      token: token?.text ?? Self.placeholderToken,
      nodeID: Int64(id)
    )
    guard
      let text = program.text(
        for: NodeServer(row).spec.settings,
        panel: panel,
        users: users.map(NodeUser.init)
      )
    else {
      throw NodeServer.SnippetError.programLacksProtocol
    }
    return text
  }
}

extension NodeServer {
  /// Why there is no configuration for a program.
  enum SnippetError: String, DomainError {
    case programLacksProtocol

    var kind: FailureKind { .failedPrecondition }
  }
}
