import GRPCCore
import Manifest
import Platform
import RPCEdge

/// Who may call what, as the operations declare it: for people who run an installation, and for the
/// review of a change of rights.
package struct PermissionReport: Sendable {
  private struct Row: Sendable {
    let method: String
    let access: Access
    let limit: RateLimit?
    let repeats: Repeats
  }

  private let rows: [Row]

  /// The report of all modules.
  package init() {
    rows = Modules.all.flatMap { module in
      func rows<M: HeliumModule>(of module: M.Type) -> [Row] {
        module.calls.map { call in
          Row(
            method: call.method.fullyQualifiedMethod,
            access: call.operation.access,
            limit: call.operation.limit,
            repeats: call.operation.repeats
          )
        }
      }
      return rows(of: module)
    }.sorted { $0.method < $1.method }
  }

  /// A line a permission, with the roles that hold it.
  package var lines: [String] {
    permissions.map { permission in
      "\(permission.name): \(Self.names(permission.roles).joined(separator: ", "))"
    }
  }

  /// The page docs/permissions.md.
  package var markdown: String {
    var text = """
      # Who may call what

      Printed by `helium admin permissions --markdown` from what the operations declare. A test keeps
      this page true; print it again after a change.

      ## Operators
      Each row is a permission, the RPCs that ask for it, and the roles that hold it. Every call has
      a row in the audit log under the permission's name.

      | permission | RPC | \(Role.allCases.map(\.rawValue).joined(separator: " | ")) |
      |---|---|\(Role.allCases.map { _ in "---" }.joined(separator: "|"))|

      """
    for permission in permissions {
      let methods = rows.filter { $0.access == .operators(permission) }.map { Self.cell($0) }
      let holders = Role.allCases.map { permission.roles.contains($0) ? "yes" : "" }
      text += "| \(permission.name) | \(methods.joined(separator: "<br>")) "
      text += "| \(holders.joined(separator: " | ")) |\n"
    }
    text += section(
      "Customers",
      "A customer calls these with a session, for its own account.",
      .customer
    )
    text += section("Everyone", "These need no log-in.", .anyone)
    text += """

      `key`: the call takes an `idempotency-key`, and a repetition with the same key gets the first
      answer.

      """
    return text
  }

  private func section(_ title: String, _ summary: String, _ access: Access) -> String {
    var text = "\n## \(title)\n\(summary)\n\n| RPC | limit of one caller |\n|---|---|\n"
    for row in rows where row.access == access {
      let limit = row.limit.map { limit in
        let tries = limit.counts == .failures ? "failed calls" : "calls"
        return "\(limit.burst) \(tries) in \(limit.period.components.seconds) s"
      }
      text += "| \(Self.cell(row)) | \(limit ?? "") |\n"
    }
    return text
  }

  private static func cell(_ row: Row) -> String {
    "`\(row.method)`\(row.repeats == .firstAnswer ? " (key)" : "")"
  }

  private var permissions: [Permission] {
    let all = rows.compactMap { row -> Permission? in
      guard case .operators(let permission) = row.access else { return nil }
      return permission
    }
    return Set(all).sorted { $0.name < $1.name }
  }

  private static func names(_ roles: Set<Role>) -> [String] {
    Role.allCases.filter(roles.contains).map(\.rawValue)
  }
}
