import Contracts
import Platform
import SubscriptionFormats
import Testing
import WorldKit

@testable import Telecom

/// What owners and operators see of devices, and take away.
extension DeviceLimitTests {
  @Test func `a removed device makes room, by its owner or an operator`() async throws {
    try await withRoutes(settings: Self.limited(1)) { routes in
      let telecom = routes.telecom
      try await telecom.queue()
      let subscription = try await telecom.subscription().id
      _ = try await fetch(routes, Self.hwid(1))
      await #expect(throws: NotFound("subscription")) {
        try await telecom.telecom.process(
          RemoveDevice(
            subscription: subscription,
            account: telecom.world.ids.next(),
            hwid: Self.hwid(1)
          )
        )
      }
      try await telecom.telecom.process(
        RemoveDevice(subscription: subscription, account: telecom.account, hwid: Self.hwid(1))
      )
      #expect(flags(try await fetch(routes, Self.hwid(2))) == ["x-hwid-active"])
      #expect(flags(try await fetch(routes, Self.hwid(1))).count == 3)
      try await telecom.telecom.process(
        RemoveSubscriptionDevice(subscription: subscription, hwid: Self.hwid(2)),
        as: telecom.admin
      )
      #expect(flags(try await fetch(routes, Self.hwid(1))) == ["x-hwid-active"])
      await #expect(throws: NotFound("subscriptionDevice")) {
        try await telecom.telecom.process(
          RemoveSubscriptionDevice(subscription: subscription, hwid: Self.hwid(2)),
          as: telecom.admin
        )
      }
    }
  }

  @Test func `devices are listed page by page, and to their owner alone`() async throws {
    try await withRoutes(settings: Self.limited(3)) { routes in
      let telecom = routes.telecom
      try await telecom.queue()
      let subscription = try await telecom.subscription().id
      for number in [3, 1, 2] { _ = try await fetch(routes, Self.hwid(number)) }
      let first = try await telecom.telecom.process(
        ListDevices(
          subscription: subscription,
          account: telecom.account,
          page: try PageRequest(size: 2)
        )
      )
      #expect(first.page.items.map(\.hwid) == [Self.hwid(1), Self.hwid(2)])
      let next = try PageRequest(size: 2, token: first.page.nextToken)
      let second = try await telecom.telecom.process(
        ListDevices(subscription: subscription, account: telecom.account, page: next)
      )
      #expect(second.page.items.map(\.hwid) == [Self.hwid(3)] && second.page.nextToken.isEmpty)
      #expect(second.limit == 3)
      for stranger in [(subscription, telecom.world.ids.next()), (.last, telecom.account)]
        as [(Subscription.ID, Account.ID)]
      {
        let list = ListDevices(
          subscription: stranger.0,
          account: stranger.1,
          page: try PageRequest()
        )
        await #expect(throws: NotFound("subscription")) { try await telecom.telecom.process(list) }
      }
    }
  }
}
