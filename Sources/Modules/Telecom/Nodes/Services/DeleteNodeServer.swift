import Contracts
import Platform

/// Deletes a node server. Its agent is refused from now on, and nobody sees the server any more.
/// Its usage is kept. Throws `NodeServer.DeletionError` while clients lead to it.
struct DeleteNodeServer: AdminOperation {
  static let permission = Permission("telecom.node_server.delete", .moderators)

  let id: NodeServer.ID

  /// How many clients the error message names.
  private static let maxNames: Int32 = 10

  var target: AuditTarget { AuditTarget("node_server", String(id)) }

  func perform(in telecom: InTransaction<Telecom>, as admin: Authorized<Self>) async throws {
    let now = telecom.clock.now
    // A transaction that creates a client holds this row.
    guard let row = try await telecom.process(NodeServer.Lock(now: now, id: id)) else {
      throw NotFound("nodeServer")
    }
    let clients = try await telecom.process(
      NodeServer.ListClientNames(serverID: id, rowLimit: Self.maxNames)
    )
    guard clients.isEmpty else { throw NodeServer.DeletionError.serverHasClients(clients) }
    try await telecom.process(
      NodeServer.MarkDeleted(now: now, tokenHash: NodeToken(using: telecom.ids).hash, id: id)
    )
    try await telecom.publishEndOfSilence(of: row, at: now, .deleted)
  }
}
