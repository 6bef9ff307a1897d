import Contracts
import FieldViolations
import ManageProtos
import Manifest
import Platform
import SwiftProtobuf
import Testing
import WorldKit

@testable import Manage

@Suite struct AccountRecordTests {
  /// A Manage that knows one account, of which two modules keep something.
  private func withAccount(
    first: SamplePart = SamplePart(name: "auth"),
    second: SamplePart = SamplePart(name: "shop"),
    _ body: (ManageWorld, Account.ID) async throws -> Void
  ) async throws {
    try await withManage { m async throws in
      let account = m.world.ids.next(Account.self)
      m.ports.offer(OneAccount(account: account), as: (any AccountDirectory).self)
      m.ports.offer(AccountParts([("auth", first), ("shop", second)]))
      try await body(m, account)
    }
  }

  @Test func `an operator sees the facts of all modules in their order`() async throws {
    try await withAccount { m, account async throws in
      let answer = try await m.asOperator(m.world.admin(.customerSupport)) {
        try await m.answer(InspectAccount.self, .with { $0.accountID = account.description })
      }
      #expect(answer.facts.map(\.name) == ["auth.id", "shop.id"])
      #expect(answer.facts.map(\.value) == [account.description, account.description])
      #expect(try await m.outcomes("manage.account.inspect") == ["succeeded"])
    }
  }

  @Test func `an export is one object with the document of each module, digit for digit`()
    async throws
  {
    let second = SamplePart(
      name: "shop",
      document: #"{"balance":9223372036854775807,"orders":[1.25,null,true,"x/\n"],"wallet":{}}"#
    )
    try await withAccount(second: second) { m, account async throws in
      let answer = try await m.asOperator(m.world.admin(.moderator)) {
        try await m.answer(ExportAccount.self, .with { $0.accountID = account.description })
      }
      #expect(answer.document == #"{"auth":{},"shop":\#(second.document)}"#)
      #expect(try await m.outcomes("manage.account.export") == ["succeeded"])
    }
  }

  @Test func `an account is erased in all modules, those last that others ask`() async throws {
    try await withAccount { m, account async throws in
      try await m.asOperator(m.world.admin()) {
        _ = try await m.answer(EraseAccount.self, .with { $0.accountID = account.description })
      }
      #expect(try await m.world.published(SampleErased.self).map(\.module) == ["shop", "auth"])
      #expect(try await m.outcomes("manage.account.erase") == ["succeeded"])
    }
  }

  @Test func `if one module can't erase its part, none does`() async throws {
    // The last one, so that the other's part is undone.
    let stubborn = SamplePart(name: "auth", canErase: false)
    try await withAccount(first: stubborn) { m, account async throws in
      await #expect(throws: SamplePart.Refusal.self) {
        try await m.manage.process(EraseAccount(account: account), as: m.world.admin())
      }
      #expect(try await m.world.published().isEmpty)
      #expect(try await m.outcomes("manage.account.erase") == ["failed"])
    }
  }

  @Test func `an account that doesn't exist has no record`() async throws {
    try await withAccount { m, _ async throws in
      let (admin, unknown) = (try await m.world.admin(), m.world.ids.next(Account.self))
      await #expect(throws: NotFound("account")) {
        try await m.manage.process(InspectAccount(account: unknown), as: admin)
      }
      await #expect(throws: NotFound("account")) {
        try await m.manage.process(ExportAccount(account: unknown), as: admin)
      }
      await #expect(throws: NotFound("account")) {
        try await m.manage.process(EraseAccount(account: unknown), as: admin)
      }
      #expect(try await m.world.published().isEmpty)
    }
  }

  @Test func `support sees an account, moderators export it, and only a SuperAdmin erases it`()
    async throws
  {
    try await withAccount { m, account async throws in
      let (moderator, support, bot) = (
        try await m.world.admin(.moderator), try await m.world.admin(.customerSupport),
        try await m.world.admin(.supportBot)
      )
      await #expect(throws: PermissionDenied(permission: InspectAccount.permission)) {
        try await m.manage.process(InspectAccount(account: account), as: bot)
      }
      await #expect(throws: PermissionDenied(permission: ExportAccount.permission)) {
        try await m.manage.process(ExportAccount(account: account), as: support)
      }
      await #expect(throws: PermissionDenied(permission: EraseAccount.permission)) {
        try await m.manage.process(EraseAccount(account: account), as: moderator)
      }
      #expect(try await m.world.published().isEmpty)
    }
  }

  @Test func `a request names the account that is none`() async throws {
    try await withAccount { m, _ async throws in
      for id in ["", "x"] {
        let errors = try await m.asOperator(m.world.admin()) {
          [
            await invalid {
              _ = try await m.answer(InspectAccount.self, .with { $0.accountID = id })
            },
            await invalid {
              _ = try await m.answer(ExportAccount.self, .with { $0.accountID = id })
            },
            await invalid {
              _ = try await m.answer(EraseAccount.self, .with { $0.accountID = id })
            },
          ]
        }
        #expect(
          errors.map { $0?.violations.map(\.field) } == [
            ["account_id"], ["account_id"], ["account_id"],
          ]
        )
      }
    }
  }

  private func invalid(_ call: () async throws -> Void) async -> InvalidInput? {
    do {
      try await call()
      return nil
    } catch {
      return error as? InvalidInput
    }
  }
}

/// The directory of an installation with one account.
private struct OneAccount: AccountDirectory {
  let account: Account.ID

  func standing(
    of account: Account.ID,
    in database: DatabaseProcessor
  ) async throws -> AccountStanding? {
    account == self.account ? AccountStanding(isBanned: false) : nil
  }

  func email(of account: Account.ID, in database: DatabaseProcessor) async throws -> String? {
    account == self.account ? "anna@example.org" : nil
  }
}

/// A part that says by an event that it was erased.
private struct SamplePart: AccountPart {
  let name: String
  var document = "{}"
  var canErase = true

  func facts(of account: Account.ID, in database: DatabaseProcessor) async throws -> [AccountFact] {
    [AccountFact("\(name).id", account.description)]
  }

  func export(_ account: Account.ID, in database: DatabaseProcessor) async throws -> [UInt8] {
    Array(document.utf8)
  }

  func erase(_ account: Account.ID, in transaction: Transaction) async throws {
    guard canErase else { throw Refusal() }
    try await transaction.publish(SampleErased(module: name))
  }

  struct Refusal: Error {}
}

private struct SampleErased: Event {
  static let name = "sample.part.erased.v1"

  let module: String
}
