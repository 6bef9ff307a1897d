import Manifest
import Platform

/// All that is kept of an account, without secrets, as its owner may ask for it: one JSON object
/// with a key for each module.
struct ExportAccount: AdminOperation {
  static let permission = Permission("manage.account.export", .moderators)

  let account: Account.ID

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> [UInt8] {
    var modules: [String: JSONValue] = [:]
    for (module, part) in try await manage.parts(of: account) {
      let document = try await part.export(account, in: manage.database)
      modules[module] = try JSON.decode(JSONValue.self, from: document)
    }
    return try JSON.encode(modules)
  }
}
