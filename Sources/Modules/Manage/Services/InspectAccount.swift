import Contracts
import Manifest
import Platform

/// What an operator who helps a customer should see at a glance, from every module.
struct InspectAccount: AdminOperation {
  static let permission = Permission("manage.account.inspect", .support)

  let account: Account.ID

  var target: AuditTarget { AuditTarget("account", account.description) }

  func perform(in manage: Manage, as admin: Authorized<Self>) async throws -> [AccountFact] {
    var facts: [AccountFact] = []
    for (_, part) in try await manage.parts(of: account) {
      facts += try await part.facts(of: account, in: manage.database)
    }
    return facts
  }
}

extension Manage {
  /// The parts of an account in their modules' order. Throws `NotFound` if there is no such account.
  func parts(of account: Account.ID) async throws -> [(module: String, part: any AccountPart)] {
    let directory = try ports.take((any AccountDirectory).self)
    guard try await directory.standing(of: account, in: database) != nil else {
      throw NotFound("account")
    }
    return try ports.take(AccountParts.self).all
  }
}
