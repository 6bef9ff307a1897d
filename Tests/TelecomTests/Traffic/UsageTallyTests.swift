import AgentProtocols
import Contracts
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct UsageTallyTests {
  private let ids = IdentifierSource(clock: .system)
  private let now = World.noon
  private let grace = Duration.seconds(600)

  private func item(
    _ group: NodeGroup.ID,
    activatedAt: Instant = World.noon - .seconds(86_400),
    endedAt: Instant? = nil,
    upload: Int64 = 0
  ) -> UsageTally.Item {
    UsageTally.Item(
      id: ids.next(),
      group: group,
      activatedAt: activatedAt,
      endedAt: endedAt,
      upload: upload,
      download: 0
    )
  }

  private func report(
    _ entries: [TrafficReport.Entry],
    node: NodeServer.ID = 1,
    factor: Int32 = 1_000,
    copies: Int = 1
  )
    -> UsageTally.Report
  {
    UsageTally.Report(
      id: ids.next(),
      node: node,
      entries: entries,
      factorThousandths: factor,
      copies: copies,
      receivedAt: now
    )
  }

  private func merge(_ items: [UsageTally.Item], servers: [NodeGroup.ID: Set<NodeServer.ID>])
    -> UsageTally
  {
    let subscription: Subscription.ID = ids.next()
    return UsageTally(
      subscriptions: [1_001: subscription],
      items: [subscription: items],
      servers: servers,
      grace: grace
    )
  }

  @Test func `traffic goes to the package in use, at the report's factor`() {
    let group: NodeGroup.ID = ids.next()
    let active = item(group, upload: 5)
    var merge = merge([item(group, endedAt: now), active], servers: [group: [1]])
    merge.add(report([.init(user: 1_001, upload: 3, download: 10)], factor: 1_500, copies: 2))
    #expect(merge.totals == [active.id: UsageTally.Total(upload: 15, download: 30)])
    let usage = UsageTally.Usage(
      rawUpload: 6,
      rawDownload: 20,
      billedUpload: 10,
      billedDownload: 30
    )
    #expect(Array(merge.hours.values) == [usage])
    #expect(merge.hours.keys.map(\.start) == [now])
    #expect(merge.setAside.isEmpty)
  }

  @Test
  func `late traffic of the package before goes to that package, if only it could use the node`() {
    let old: NodeGroup.ID = ids.next()
    let new: NodeGroup.ID = ids.next()
    let ended = item(old, endedAt: now - grace)
    var merge = merge(
      [item(new), ended, item(old, endedAt: now - grace - .microseconds(1))],
      servers: [old: [1], new: [2]]
    )
    merge.add(report([.init(user: 1_001, upload: 1, download: 0)]))
    #expect(merge.totals == [ended.id: UsageTally.Total(upload: 1, download: 0)])
  }

  @Test
  func
    `traffic goes to the package that was in use when it was reported, not to the one that followed`()
  {
    let group: NodeGroup.ID = ids.next()
    let first = item(group, endedAt: now + .seconds(1))
    var merge = merge([item(group, activatedAt: now + .seconds(1)), first], servers: [group: [1]])
    merge.add(report([.init(user: 1_001, upload: 1, download: 0)]))
    #expect(Array(merge.totals.keys) == [first.id])

    var later = self.merge(
      [item(group, activatedAt: now + .microseconds(1))],
      servers: [group: [1]]
    )
    later.add(report([.init(user: 1_001, upload: 1, download: 0)]))
    #expect(later.totals.isEmpty)
    #expect(later.setAside.map(\.reason) == [.nothingActive])
  }

  @Test func `what nobody can be billed for is set aside with its reason`() {
    let group: NodeGroup.ID = ids.next()
    let most = TrafficBilling.maxRawBytes
    let entry = TrafficReport.Entry(user: 1_001, upload: 1, download: 0)
    func reasons(
      _ merge: UsageTally,
      _ entry: TrafficReport.Entry,
      node: NodeServer.ID = 1,
      copies: Int = 1
    ) -> [TrafficSetAside.Reason] {
      var merge = merge
      merge.add(report([entry], node: node, copies: copies))
      #expect(merge.totals.isEmpty == !merge.setAside.isEmpty)
      return merge.setAside.map(\.reason)
    }
    let active = merge([item(group)], servers: [group: [1]])
    #expect(
      reasons(active, .init(user: 1_002, upload: 1, download: 0), copies: 2) == [
        .unknownUser, .unknownUser,
      ]
    )
    #expect(reasons(active, entry, node: 2) == [.notEligible])
    #expect(reasons(active, .init(user: 1_001, upload: 0, download: most + 1)) == [.absurd])
    #expect(reasons(active, .init(user: 1_001, upload: most, download: most)) == [])
    let ended = merge([item(group, endedAt: now - grace - .microseconds(1))], servers: [group: [1]])
    #expect(reasons(ended, entry) == [.nothingActive])
    #expect(reasons(merge([], servers: [:]), entry) == [.nothingActive])
  }

  @Test func `reports are merged together as long as they name few users, and a large one alone`() {
    #expect(UsageTally.countOfReports([], maxUsers: 3) == 0)
    #expect(UsageTally.countOfReports([[1, 2], [2, 1], [2, 3], [3]], maxUsers: 3) == 4)
    #expect(UsageTally.countOfReports([[1, 2], [2, 1], [2, 3, 4], [1]], maxUsers: 3) == 2)
    #expect(UsageTally.countOfReports([[1, 2, 3, 4], [1]], maxUsers: 3) == 1)
  }

  @Test func `totals stop instead of overflowing`() {
    let group: NodeGroup.ID = ids.next()
    let active = item(group, upload: UsageTally.largestTotal - 1)
    var merge = merge([active], servers: [group: [1]])
    for _ in 0..<3 {
      merge.add(
        report(
          [.init(user: 1_001, upload: TrafficBilling.maxRawBytes, download: 0)],
          factor: 1_000_000,
          copies: 1_000_000_000
        )
      )
    }
    #expect(merge.totals[active.id]?.upload == UsageTally.largestTotal)
  }
}
