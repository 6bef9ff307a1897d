import Contracts
import HTTPTypes
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct UsageTests {
  /// Hours of one subscription on nodes 1 and 2, of 1 and 2 bytes each way: billed twice as much.
  private static func fill(
    _ telecom: TelecomWorld,
    _ subscription: Subscription.ID,
    hours: [String],
    node: Int32 = 1
  ) async throws {
    for hour in hours {
      try await telecom.world.execute(
        "INSERT INTO telecom.usage_hours VALUES ('\(hour)', '\(subscription)', \(node), 1, 2, 2, 4)"
      )
    }
  }

  private static func time(_ start: String, _ end: String) -> UsageTime.Bounds {
    UsageTime.Bounds(start: .iso(start), end: .iso(end))
  }

  @Test func `hours come newest first, page by page, on one node or all`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue()
      let hours = (0..<5).map { "2027-03-01T0\($0):00:00Z" }
      try await Self.fill(telecom, queued.subscription, hours: hours)
      try await Self.fill(telecom, queued.subscription, hours: [hours[4]], node: 2)
      var starts: [Instant] = []
      var sums: [Int64] = []
      var page = try PageRequest(size: 2)
      repeat {
        let usage = ListUsage(
          subscription: queued.subscription,
          node: nil,
          time: Self.time(hours[0], "2027-03-01T05:00:00Z"),
          bucket: .hour,
          page: page
        )
        let answer = try await telecom.telecom.process(
          ListOwnUsage(usage: usage, account: telecom.account)
        )
        starts += answer.items.map(\.start)
        sums += answer.items.map(\.billedDownload)
        page = try PageRequest(size: 2, token: answer.nextToken)
      } while starts.count < 5
      #expect(starts == hours.reversed().map(Instant.iso))
      #expect(sums == [8, 4, 4, 4, 4])
      let second = ListUsage(
        subscription: queued.subscription,
        node: 2,
        time: Self.time(hours[0], "2027-03-01T05:00:00Z"),
        bucket: .hour,
        page: try PageRequest()
      )
      #expect(try await telecom.telecom.process(second).items.map(\.rawUpload) == [1])
    }
  }

  @Test func `days are those of the operator's time zone`() async throws {
    var settings = TelecomSettings()
    settings.timeZone = "Asia/Shanghai"
    try await withTelecom(settings: settings) { telecom in
      let queued = try await telecom.queue()
      try await Self.fill(
        telecom,
        queued.subscription,
        hours: ["2027-03-01T15:00:00Z", "2027-03-01T16:00:00Z", "2027-03-02T15:00:00Z"]
      )
      let usage = ListUsage(
        subscription: queued.subscription,
        node: nil,
        time: Self.time("2027-03-01T00:00:00Z", "2027-03-03T00:00:00Z"),
        bucket: .day,
        page: try PageRequest()
      )
      let days = try await telecom.telecom.process(usage).items
      #expect(days.map(\.start) == [.iso("2027-03-01T16:00:00Z"), .iso("2027-02-28T16:00:00Z")])
      #expect(days.map(\.rawUpload) == [2, 1])
    }
  }

  @Test func `another's usage is not found`() async throws {
    try await withTelecom { telecom in
      let queued = try await telecom.queue()
      let usage = ListUsage(
        subscription: queued.subscription,
        node: nil,
        time: UsageTime.Bounds(),
        bucket: .hour,
        page: try PageRequest()
      )
      await #expect(throws: NotFound.self) {
        try await telecom.telecom.process(
          ListOwnUsage(usage: usage, account: telecom.world.ids.next())
        )
      }
    }
  }

  @Test(arguments: [
    ("2027-03-02T00:00:00Z", "2027-03-01T00:00:00Z"),
    ("2027-03-01T00:00:00Z", "2027-03-01T00:00:00Z"),
    ("2025-01-01T00:00:00Z", "2027-03-01T00:00:00Z"),
  ])
  func `a time that is empty or too long is refused`(start: String, end: String) {
    #expect(throws: InvalidInput.self) { try Self.time(start, end).resolved(at: World.noon) }
  }

  @Test func `a time that is left out ends now, and began thirty days before its end`() throws {
    let now = Instant.iso("2027-03-31T00:00:00Z")
    let month = try UsageTime.Bounds().resolved(at: now)
    #expect(month.end == now && month.start == .iso("2027-03-01T00:00:00Z"))
    let earlier = try UsageTime.Bounds(end: .iso("2027-03-03T00:00:00Z")).resolved(at: now)
    #expect(earlier.start == .iso("2027-02-01T00:00:00Z"))
    #expect(UsageTime.Bounds(start: Instant(seconds: 5)).description == "5 to now")
  }

  @Test func `the most busy subscriptions and nodes come first`() async throws {
    try await withTelecom { telecom in
      let first = try await telecom.queue()
      let second = try await telecom.queue(account: telecom.world.ids.next())
      try await Self.fill(telecom, first.subscription, hours: ["2027-03-01T01:00:00Z"])
      try await Self.fill(
        telecom,
        second.subscription,
        hours: ["2027-03-01T01:00:00Z", "2027-03-01T02:00:00Z"]
      )
      let time = Self.time("2027-03-01T00:00:00Z", "2027-03-02T00:00:00Z")
      let top = try await telecom.telecom.process(
        ListTopSubscriptions(time: time, limit: try TopLimit(0)),
        as: telecom.admin
      )
      #expect(top.map(\.subscriptionID) == [second.subscription, first.subscription])
      #expect(top.map(\.billedBytes) == [12, 6])
      let nodes = try await telecom.telecom.process(
        ListTopNodes(time: time, limit: try TopLimit(1)),
        as: telecom.admin
      )
      #expect(nodes.map(\.nodeID) == [telecom.server.server.id])
      #expect(nodes.map(\.subscriptions) == [2])
      #expect(throws: InvalidInput.self) { try TopLimit(101) }
    }
  }

  @Test func `an export has every hour once, in chunks, with a heading`() async throws {
    try await withTelecom { telecom in
      let count = 4_001
      try await telecom.world.execute(
        """
        INSERT INTO telecom.usage_hours
        SELECT '2027-03-01T00:00:00Z'::timestamptz + (n % 7) * interval '1 hour', gen_random_uuid(), n % 3, n, 0, 0, 0
        FROM generate_series(1, \(count)) AS n
        """
      )
      let time = Self.time("2027-03-01T00:00:00Z", "2027-03-02T00:00:00Z")
      let export = try await telecom.telecom.process(ExportUsage(time: time), as: telecom.admin)
      var chunks: [String] = []
      for try await chunk in export { chunks.append(chunk) }
      #expect(chunks.count == 3)
      let lines = chunks.joined().split(separator: "\r\n")
      #expect(
        lines[0]
          == "hour,subscription_id,node_id,raw_upload_bytes,raw_download_bytes,billed_upload_bytes,billed_download_bytes"
      )
      #expect(Set(lines.dropFirst()).count == count)
      #expect(
        lines.dropFirst().allSatisfy {
          $0.split(separator: ",").count == 7 && $0.hasPrefix("2027-03-01T0")
        }
      )
      let uploads = lines.dropFirst().compactMap { line in Int(line.split(separator: ",")[3]) }
      #expect(uploads.reduce(0, +) == count * (count + 1) / 2)
      #expect(telecom.audit.entries.contains { $0.operation == ExportUsage.permission.name })
    }
  }

  @Test func `operators see who is online, and from where`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      try await telecom.queue()
      let user = try await telecom.subscription().nodeUserID
      _ = try await routes.agent(
        "alive",
        method: .post,
        body: #"{"\#(user)":["203.0.113.2","203.0.113.1"]}"#
      )
      let list = ListOnlineSubscriptions(page: try PageRequest())
      let online = try await telecom.telecom.process(list, as: telecom.admin)
      #expect(online.count == 1)
      #expect(online.page.items.map(\.nodeUserID) == [user])
      #expect(online.page.items.map(\.addresses) == [["203.0.113.1", "203.0.113.2"]])
    }
  }

  @Test func `operators see what was set aside, and why`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      _ = try await routes.push(#"{"424242":[5,6]}"#)
      _ = try await telecom.telecom.process(BillReports())
      let list = try await telecom.telecom.process(
        ListSetAsideTraffic(node: nil, page: try PageRequest()),
        as: telecom.admin
      )
      #expect(list.items.map(\.nodeUserID) == [424_242])
      #expect(list.items.map(\.reason) == [.unknownUser])
    }
  }
}
