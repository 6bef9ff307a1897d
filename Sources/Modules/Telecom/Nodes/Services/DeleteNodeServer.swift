import Contracts
import Platform

/// Deletes a node server. Its agent is refused from now on, and nobody sees the server any more.
/// Its usage is kept. Throws `NodeServer.DeletionError` while clients lead to it.
struct DeleteNodeServer: AdminOperation {
  static let permission = Permission("telecom.node_server.delete")

  let id: NodeServer.ID

  /// How many clients the error message names.
  private static let mostNames: Int32 = 10

  var target: AuditTarget { AuditTarget("node_server", String(id)) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws {
    try await telecom.transaction { telecom, transaction in
      let now = telecom.clock.now
      // A transaction that creates a client holds this row.
      guard let row = try await transaction.process(NodeServer.Lock(now: now, id: id)) else {
        throw NotFound("nodeServer")
      }
      let clients = try await transaction.process(
        NodeServer.ListClientNames(serverID: id, rowLimit: Self.mostNames)
      )
      guard clients.isEmpty else { throw NodeServer.DeletionError.serverHasClients(clients) }
      try await transaction.process(
        NodeServer.MarkDeleted(now: now, tokenHash: NodeToken(using: telecom.ids).hash, id: id)
      )
      try await transaction.publishEndOfSilence(of: row, at: now, .deleted)
    }
  }
}
