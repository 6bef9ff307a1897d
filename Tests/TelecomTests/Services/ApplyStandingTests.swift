import Contracts
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct ApplyStandingTests {
  @Test func `a ban takes an account off its nodes, and its end puts it back`() async throws {
    try await withTelecom { telecom in
      try await telecom.queue()
      #expect(try await telecom.users().map(\.nodeUserID) == [1_001])
      let version = try await telecom.version()

      telecom.accounts.setBanned(true, telecom.account)
      try await telecom.handle(SuspendSubscription(), AccountBanned(account: telecom.account))
      #expect(try await telecom.users().isEmpty)
      #expect(try await telecom.subscription().suspended)
      #expect(try await telecom.version() == version + 1)
      try await telecom.handle(SuspendSubscription(), AccountBanned(account: telecom.account))
      #expect(try await telecom.version() == version + 1)

      telecom.accounts.setBanned(false, telecom.account)
      try await telecom.handle(ResumeSubscription(), AccountUnbanned(account: telecom.account))
      #expect(try await telecom.users().count == 1)
      #expect(try await telecom.version() == version + 2)
    }
  }

  @Test func `what counts is how the account stands, not the order of the messages`() async throws {
    try await withTelecom { telecom in
      try await telecom.queue()
      telecom.accounts.setBanned(true, telecom.account)
      try await telecom.handle(ResumeSubscription(), AccountUnbanned(account: telecom.account))
      #expect(try await telecom.subscription().suspended)
    }
  }

  @Test func `an account that is banned before its first subscription gets a suspended one`()
    async throws
  {
    try await withTelecom { telecom in
      telecom.accounts.setBanned(true, telecom.account)
      try await telecom.queue()
      #expect(try await telecom.subscription().suspended)
      #expect(try await telecom.users().isEmpty)
    }
  }

  @Test func `a registration that is told twice makes one subscription`() async throws {
    try await withTelecom { telecom in
      let event = AccountRegistered(account: telecom.account, registeredAt: telecom.now)
      let errors = await race(20) { _ in
        try await telecom.handle(OpenSubscription(), event)
      }.failed
      #expect(errors.isEmpty)
      let page = try await telecom.telecom.process(
        ListSubscriptions(account: telecom.account, page: try PageRequest())
      )
      #expect(page.items.count == 1)
      #expect(page.items.first?.active == nil)
      #expect(page.items.first?.suspended == false)
    }
  }
}
