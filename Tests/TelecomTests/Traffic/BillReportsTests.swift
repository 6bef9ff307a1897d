import Contracts
import FoundationEssentials
import HTTPTypes
import Logging
import Platform
import ServiceLifecycle
import Testing
import WorldKit

@testable import Telecom

@Suite struct BillReportsTests {
  @Test func `an exhausted package gives way to the next in the same merge, and the list changes`()
    async throws
  {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let queued = try await telecom.queue(2)
      let user = try await telecom.subscription().nodeUserID
      let version = try await telecom.version()
      let before = try await routes.agent("user")
      _ = try await routes.push("{\"\(user)\":[400,\(TelecomWorld.quota - 401)]}")
      #expect(try await telecom.telecom.process(BillReports()) == 1)
      #expect(try await telecom.statuses(of: queued.subscription) == [.active, .inQueue])
      #expect(try await telecom.version() == version)
      #expect(
        try await routes.agent("user", headers: ["If-None-Match": before.tag ?? ""]).status == 304
      )

      _ = try await routes.push("{\"\(user)\":[1,100]}")
      #expect(try await telecom.telecom.process(BillReports()) == 1)
      #expect(try await telecom.statuses(of: queued.subscription) == [.consumed, .active])
      #expect(try await telecom.version() == version + 1)
      #expect(try await telecom.world.published(PackageConsumed.self).map(\.reason) == [.exhausted])
      #expect(try await telecom.world.published(PackageActivated.self).map(\.item) == queued.items)
      // What went over the quota stays with the package that it was used under.
      #expect(try await telecom.subscription().active?.download == 0)

      let after = try await routes.agent("user", headers: ["If-None-Match": before.tag ?? ""])
      #expect(after.status == 200)
      _ = try await routes.push("{\"\(user)\":[0,\(TelecomWorld.quota)]}")
      #expect(try await telecom.telecom.process(BillReports()) == 1)
      let last = try await routes.agent("user", headers: ["If-None-Match": after.tag ?? ""])
      #expect(last.status == 200)
      #expect(!last.text.contains("\"id\":\(user),"))
    }
  }

  @Test func `mergers that race over reports of two nodes bill every byte once`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      let second = try await telecom.telecom.process(
        CreateNodeServer(spec: try .shadowsocks(name: "2", factor: 1_337)),
        as: telecom.admin
      )
      _ = try await telecom.telecom.process(
        CreateNodeClient(
          spec: try NodeClient.Spec(
            server: second.server.id,
            name: "2",
            host: "two.example.com",
            groups: [telecom.group.id]
          )
        ),
        as: telecom.admin
      )
      for _ in 0..<12 { try await telecom.queue(3, account: telecom.world.ids.next()) }
      let users = try await telecom.users().map(\.nodeUserID)
      #expect(users.count == 12)

      let pushed = try await withThrowingTaskGroup(of: Int64.self) { group in
        for index in 0..<60 {
          group.addTask {
            var sum: Int64 = 0
            let entries = (users.shuffled().prefix(8) + [999_999]).map { user in
              let upload = Int64.random(in: 0...200)
              let download = Int64.random(in: 1...400)
              sum += upload + download
              return "\"\(user)\":[\(upload),\(download)]"
            }
            let answer = try await routes.push(
              "{\(entries.joined(separator: ","))}",
              of: index % 2 == 0 ? telecom.server : second
            )
            #expect(answer.status == 200)
            return sum
          }
        }
        for _ in 0..<3 {
          group.addTask {
            for _ in 0..<20 { _ = try await telecom.telecom.process(BillReports()) }
            return 0
          }
        }
        return try await group.reduce(0, +)
      }
      while try await telecom.telecom.process(BillReports()) > 0 {}
      _ = await race(3) { _ in _ = try await telecom.telecom.process(RollUpLedger()) }

      let world = telecom.world
      let raw = try await world.number(
        "SELECT sum(raw_upload + raw_download)::bigint FROM telecom.usage_hours"
      )
      let aside = try await world.number(
        "SELECT sum(upload + download)::bigint FROM telecom.traffic_set_aside"
      )
      #expect(raw + aside == pushed)
      #expect(
        try await world.number(
          "SELECT count(*) FROM telecom.traffic_set_aside WHERE reason <> 'unknown_user'"
        ) == 0
      )
      let billed = try await world.number(
        "SELECT sum(billed_upload + billed_download)::bigint FROM telecom.usage_hours"
      )
      #expect(
        try await world.number("SELECT sum(upload + download)::bigint FROM telecom.package_queue")
          == billed
      )
      #expect(
        try await world.number(
          """
          SELECT sum((u * r.factor_thousandths + 500) / 1000)::bigint
          FROM telecom.traffic_reports r, unnest(r.users, r.uploads) AS entry (node_user, u)
          WHERE entry.node_user <> 999999
          """
        ) == world.number("SELECT sum(billed_upload)::bigint FROM telecom.usage_hours")
      )
      #expect(try await telecom.doublyActive() == 0)
      #expect(
        try await world.number(
          "SELECT count(*) FROM telecom.traffic_reports WHERE applied <> accepted"
        ) == 0
      )
      #expect(try await world.number("SELECT count(*) FROM telecom.usage_ledger") == 0)
    }
  }

  @Test func `a merge that fails changes nothing, and the next one does it all`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      try await telecom.queue()
      let user = try await telecom.subscription().nodeUserID
      _ = try await routes.push("{\"\(user)\":[1,2]}")
      struct Cut: Error {}
      await #expect(throws: Cut.self) {
        try await telecom.telecom.transaction { telecom in
          #expect(try await telecom.process(BillReports()) == 1)
          throw Cut()
        }
      }
      #expect(try await telecom.subscription().active?.download == 0)
      #expect(try await telecom.world.number("SELECT count(*) FROM telecom.usage_ledger") == 0)
      #expect(try await telecom.telecom.process(BillReports()) == 1)
      #expect(try await telecom.subscription().active?.download == 2)
    }
  }

  @Test func `traffic of a node that was taken from a group counts for ten minutes more`()
    async throws
  {
    try await withRoutes { routes in
      let telecom = routes.telecom
      try await telecom.queue()
      let user = try await telecom.subscription().nodeUserID
      try await telecom.telecom.process(DeleteNodeClient(id: telecom.client.id), as: telecom.admin)
      telecom.world.clock.advance(by: .seconds(600))
      _ = try await routes.push("{\"\(user)\":[1,2]}")
      telecom.world.clock.advance(by: .microseconds(1))
      _ = try await routes.push("{\"\(user)\":[3,4]}")
      while try await telecom.telecom.process(BillReports()) > 0 {}
      #expect(try await telecom.subscription().active?.upload == 1)
      #expect(
        try await telecom.world.number(
          "SELECT sum(upload)::bigint FROM telecom.traffic_set_aside WHERE reason = 'not_eligible'"
        ) == 3
      )
    }
  }

  @Test func `more reports than one merge takes are all applied, the oldest first`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      try await telecom.queue()
      let user = try await telecom.subscription().nodeUserID
      for index in 0..<Int64(BillReports.maxReports) + 1 {
        telecom.world.clock.advance(by: .seconds(1))
        _ = try await routes.push("{\"\(user)\":[0,\(index + 1)]}")
      }
      #expect(try await telecom.telecom.process(BillReports()) == Int(BillReports.maxReports))
      #expect(
        try await telecom.world.number(
          "SELECT max(downloads[1]) FROM telecom.traffic_reports WHERE applied = 0"
        ) == 65
      )
      #expect(try await telecom.telecom.process(BillReports()) == 1)
      #expect(
        try await telecom.world.number("SELECT sum(raw_download)::bigint FROM telecom.usage_ledger")
          == 65 * 66 / 2
      )
      #expect(try await telecom.telecom.process(RollUpLedger()) == 2)
      #expect(
        try await telecom.world.number("SELECT sum(raw_download)::bigint FROM telecom.usage_hours")
          == 65 * 66 / 2
      )
      #expect(try await telecom.telecom.process(RollUpLedger()) == 0)
    }
  }

  @Test func `the service merges what comes in and stops when it is told to`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      try await telecom.queue()
      let user = try await telecom.subscription().nodeUserID
      let group = ServiceGroup(
        configuration: .init(
          services: [BillingLoop(telecom: telecom.telecom, logger: Logger(label: "helium.test"))],
          logger: Logger(label: "helium.test")
        )
      )
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        _ = try await routes.push("{\"\(user)\":[0,7]}")
        while try await telecom.subscription().active?.download != 7 {
          try await Task.sleep(for: .milliseconds(50))
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
      }
    }
  }

  @Test func `applied reports are deleted when no re-send can meet them`() async throws {
    try await withRoutes { routes in
      let telecom = routes.telecom
      _ = try await routes.push("{\"1500\":[1,1]}")
      _ = try await telecom.telecom.process(BillReports())
      telecom.world.clock.advance(by: .seconds(2 * 86_400))
      _ = try await routes.push("{\"1500\":[2,2]}")
      telecom.world.clock.advance(by: .seconds(1))
      try await PruneTraffic().run(in: telecom.telecom)
      #expect(
        try await telecom.world.number(
          "SELECT count(*) FROM telecom.traffic_reports WHERE applied = 0"
        ) == 1
      )
      #expect(try await telecom.world.number("SELECT count(*) FROM telecom.traffic_reports") == 1)
      #expect(try await telecom.world.number("SELECT count(*) FROM telecom.traffic_set_aside") == 1)
    }
  }

  @Test func `what was set aside goes after ninety days, however many rows it is`() async throws {
    try await withTelecom { telecom in
      let rows = 2 * Int(Telecom.deletionBatch) + 1
      try await telecom.world.execute(
        """
        INSERT INTO telecom.traffic_set_aside (id, report_id, node_id, node_user_id, upload, download, reason, created_at)
        SELECT gen_random_uuid(), gen_random_uuid(), 1, 1500, 1, 1, 'unknown_user', to_timestamp(\(telecom.now.seconds))
        FROM generate_series(1, \(rows))
        """
      )
      telecom.world.clock.advance(by: .seconds(90 * TelecomWorld.day))
      try await PruneTraffic().run(in: telecom.telecom)
      #expect(
        try await telecom.world.number("SELECT count(*) FROM telecom.traffic_set_aside")
          == Int64(rows)
      )
      telecom.world.clock.advance(by: .seconds(1))
      try await PruneTraffic().run(in: telecom.telecom)
      #expect(try await telecom.world.number("SELECT count(*) FROM telecom.traffic_set_aside") == 0)
    }
  }
}
