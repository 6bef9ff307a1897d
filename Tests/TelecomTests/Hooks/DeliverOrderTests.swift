import Contracts
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct DeliverOrderTests {
  private func event(_ telecom: TelecomWorld, packages: [PurchasedPackage]) -> OrderPaid {
    OrderPaid(
      order: telecom.world.ids.next(),
      account: telecom.account,
      subscription: nil,
      packages: packages,
      total: Money(minorUnits: 10_00, .eur),
      paidAt: telecom.now
    )
  }

  @Test func `an order that is paid before its account's registration is handled is delivered`()
    async throws
  {
    try await withTelecom { telecom in
      let paid = event(
        telecom,
        packages: [PurchasedPackage(series: telecom.package.series, amount: 2)]
      )
      try await telecom.handle(DeliverOrder(), paid)
      try await telecom.handle(DeliverOrder(), paid)
      try await telecom.handle(
        OpenSubscription(),
        AccountRegistered(account: telecom.account, registeredAt: telecom.now)
      )
      let subscription = try await telecom.subscription()
      #expect(try await telecom.statuses(of: subscription.id) == [.active, .inQueue])
      #expect(
        try await telecom.world.published(OrderDelivered.self).map(\.subscription) == [
          subscription.id
        ]
      )
    }
  }

  @Test func `an order of something else is none of telecom's`() async throws {
    try await withTelecom { telecom in
      try await telecom.handle(DeliverOrder(), event(telecom, packages: []))
      #expect(try await telecom.world.published(OrderDelivered.self).isEmpty)
    }
  }

  @Test func `what can't be delivered is given up at once, for an operator to see`() async throws {
    try await withTelecom { telecom in
      let paid = event(
        telecom,
        packages: [PurchasedPackage(series: telecom.world.ids.next(), amount: 1)]
      )
      await #expect(throws: Discard.self) {
        try await telecom.handle(DeliverOrder(), paid)
      }
    }
  }
}
