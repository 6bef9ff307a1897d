import Contracts
import FoundationEssentials
import Platform
import SwiftProtobuf
import TelecomProtos
import Testing
import WorldKit

@testable import Telecom

@Suite struct SubscriptionsTests {
  @Test func `a link finds the subscription with its package, until it is reset`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue()
      let old = try await telecom.subscription().linkToken
      func owner(_ token: LinkToken) async throws -> Subscription.FindLinked.Row? {
        try await telecom.telecom.database.process(Subscription.FindLinked(linkTokens: token.bytes))
          .first
      }
      let row = try #require(try await owner(old))
      #expect(row.id == queued.subscription)
      #expect(row.itemID == queued.items.first)
      #expect(row.groupID == telecom.group.id)
      #expect(row.groupVersion == (try await telecom.version()))
      let reset = try await telecom.telecom.process(
        ResetLink(subscription: queued.subscription, account: telecom.account)
      )
      #expect(try await owner(old) == nil)
      #expect(try await owner(reset.linkToken)?.id == queued.subscription)
    }
  }

  @Test func `a new credential is another one, of version 4, and nodes are told`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue()
      let old = try #require(try await telecom.users().first)
      let version = try await telecom.version()
      _ = try await telecom.telecom.process(
        RotateCredential(subscription: queued.subscription, account: telecom.account)
      )
      let new = try #require(try await telecom.users().first)
      #expect(new.credential != old.credential)
      #expect(new.nodeUserID == old.nodeUserID)
      #expect(new.credential.uuid.6 >> 4 == 4)
      #expect(try await telecom.version() == version + 1)
    }
  }

  @Test func `nobody changes or sees another account's subscription`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue()
      let stranger: Account.ID = telecom.world.ids.next()
      let missing = NotFound("subscription")
      await #expect(throws: missing) {
        try await telecom.telecom.process(
          ResetLink(subscription: queued.subscription, account: stranger)
        )
      }
      await #expect(throws: missing) {
        try await telecom.telecom.process(
          RotateCredential(subscription: queued.subscription, account: stranger)
        )
      }
      await #expect(throws: missing) {
        try await telecom.telecom.process(
          GetUsage(subscription: queued.subscription, account: stranger)
        )
      }
      await #expect(throws: missing) {
        try await telecom.telecom.process(
          ListOwnQueue(
            subscription: queued.subscription,
            account: stranger,
            withEnded: true,
            page: try PageRequest()
          )
        )
      }
    }
  }

  @Test func `an account opens subscriptions up to its limit, also twenty callers at once`()
    async throws
  {
    var settings = TelecomSettings()
    settings.subscriptionsPerAccount = 3
    try await withTelecom(settings: settings) { telecom in
      let errors = await race(20) { _ in
        _ = try await telecom.telecom.process(CreateSubscription(account: telecom.account))
      }.failed
      #expect(errors.count == 18)
      #expect(
        errors.allSatisfy { $0 as? SubscriptionSummary.OpeningError == .tooManySubscriptions }
      )
      let open = try await telecom.world.number("SELECT count(*) FROM telecom.subscriptions")
      #expect(open == 3)
      // A caller that loses the race may have taken an id, so the smallest isn't always 1001.
      #expect(
        try await telecom.world.number(
          "SELECT min(node_user_id)::bigint FROM telecom.subscriptions"
        ) >= 1_001
      )
    }
  }

  @Test func `the same call again opens no second subscription, and gets the first one's links`()
    async throws
  {
    var settings = TelecomSettings()
    settings.subscriptionsPerAccount = 3
    try await withTelecom(settings: settings) { telecom in
      let customer = Customer(id: telecom.account, session: telecom.world.ids.next())
      let answers = try await [
        telecom.answer(CreateSubscription.self, .init(), as: .customer(customer), key: "one"),
        telecom.answer(CreateSubscription.self, .init(), as: .customer(customer), key: "one"),
      ]
      #expect(answers[0] == answers[1])
      #expect(answers[0].subscription.links.count == telecom.telecom.settings().links.count)
      // The one that every account has, and the one that was opened.
      #expect(try await telecom.world.number("SELECT count(*) FROM telecom.subscriptions") == 2)
    }
  }

  @Test func `operators see subscriptions without links`() async throws {
    try await withTelecom { telecom in
      try await telecom.queue()
      let token = try await telecom.subscription().linkToken.text
      let customer = Customer(id: telecom.account, session: telecom.world.ids.next())
      let own = try await telecom.answer(ListSubscriptions.self, .init(), as: .customer(customer))
      #expect(own.subscriptions.first?.links.first?.url.contains(token) == true)
      let seen = try await telecom.answer(
        ListAccountSubscriptions.self,
        .with { $0.accountID = telecom.account.description },
        as: .admin(telecom.admin)
      )
      #expect(seen.subscriptions.map(\.id) == own.subscriptions.map(\.id))
      #expect(seen.subscriptions.first?.links.isEmpty == true)
    }
  }

  @Test func `a queue's list leaves out what has ended unless asked`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue(2)
      _ = try await telecom.telecom.process(
        try CancelPackage(item: queued.items[0], reason: "refund"),
        as: telecom.admin
      )
      func items(_ withEnded: Bool) async throws -> [PackageQueueItem.ID] {
        try await telecom.telecom.process(
          ListQueue(
            subscription: queued.subscription,
            withEnded: withEnded,
            page: try PageRequest()
          )
        ).items.map(\.id)
      }
      #expect(try await items(false) == [queued.items[1]])
      #expect(try await items(true) == queued.items)
    }
  }
}
