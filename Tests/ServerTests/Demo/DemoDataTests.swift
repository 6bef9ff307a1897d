import Configuration
import Foundation
import Logging
import Platform
import Prometheus
import TestKit
import Testing
import Tokens
import WorldKit

@testable import Server

@Suite struct DemoDataTests {
  /// Runs a test with the modules of an installation of its own.
  private func withDemo(_ body: (World, DemoData) async throws -> Void) async throws {
    try await withWorld { world in
      let key = FileManager.default.temporaryDirectory.appendingPathComponent(
        "master-\(UUID().uuidString).key"
      )
      try Data(repeating: 7, count: 32).base64EncodedData().write(to: key)
      defer { try? FileManager.default.removeItem(at: key) }
      let variables = [
        "DATABASE_URL": world.url, "REDIS_URL": try await TestRedis.make().url,
        "MQ_URL": "amqp://127.0.0.1:1",
        "HELIUM_MASTER_KEY_FILE": key.path,
      ]
      let configuration = try ServerConfiguration(
        ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: variables)),
        mode: .all
      )
      var logger = Logger(label: "helium.test")
      logger.logLevel = .critical
      let resources = Resources(configuration, metrics: PrometheusRegistry(), logger: logger)
      do {
        try await body(world, DemoData(resources, try await Modules(resources)))
        await resources.close()
      } catch {
        await resources.close()
        throw error
      }
    }
  }

  @Test func `every customer has an active package, and money adds up`() async throws {
    try await withDemo { world, demo in
      let installation = try await demo.seed(accounts: 30, force: false)
      #expect(installation.accounts == 31)
      #expect(installation.customer.nodeUserID == 1_001)
      #expect(installation.nodes.map(\.id) == [1, 2, 3, 4, 5])
      #expect(installation.nodes.first?.type == "shadowsocks")
      #expect(try await world.number("SELECT count(*) FROM auth.accounts") == 31)
      #expect(
        try await world.number(
          "SELECT count(*) FROM telecom.package_queue WHERE status = 'active' AND expires_at > now()"
        ) == 31
      )
      #expect(
        try await world.number(
          "SELECT count(*) FROM telecom.package_queue WHERE status = 'in_queue'"
        ) == 6
      )
      #expect(
        try await world.number("SELECT count(*) FROM shop.orders WHERE status = 'delivered'") == 3
      )
      let unbalanced = """
        SELECT count(*) FROM shop.wallets w WHERE w.available + w.frozen <>
          (SELECT coalesce(sum(e.amount), 0) FROM shop.wallet_entries e WHERE e.account_id = w.account_id)
        """
      #expect(try await world.number(unbalanced) == 0)
      let undelivered =
        "SELECT count(*) FROM shop.orders o WHERE NOT EXISTS (SELECT FROM telecom.package_queue q WHERE q.order_id = o.id)"
      #expect(try await world.number(undelivered) == 0)
      #expect(
        try await world.number("SELECT factor_thousandths FROM telecom.node_servers WHERE id = 1")
          == 1_000
      )
    }
  }

  @Test func `a second run adds only what is missing, and knows the same secrets`() async throws {
    try await withDemo { world, demo in
      let first = try await demo.seed(accounts: 10, force: false)
      let again = try await demo.seed(accounts: 10, force: false)
      #expect(again.admin.apiKey == first.admin.apiKey)
      #expect(again.customer.linkToken == first.customer.linkToken)
      #expect(again.customer.password == first.customer.password)
      #expect(again.nodes.map(\.token) == first.nodes.map(\.token))
      #expect(try await world.number("SELECT count(*) FROM auth.accounts") == 11)
      #expect(try await world.number("SELECT count(*) FROM manage.admins") == 1)
      #expect(try await world.number("SELECT count(*) FROM telecom.node_servers") == 5)
      #expect(try await world.number("SELECT count(*) FROM shop.products") == 3)

      let more = try await demo.seed(accounts: 25, force: false)
      #expect(more.accounts == 26)
      #expect(try await world.number("SELECT count(*) FROM telecom.subscriptions") == 26)
      #expect(try await demo.seed(accounts: 0, force: false).accounts == 26)
    }
  }

  @Test func `customers who are no demo data are left alone, unless forced`() async throws {
    try await withDemo { world, demo in
      try await world.execute(
        "INSERT INTO auth.accounts (id, email, password_hash, created_at) VALUES (gen_random_uuid(), 'anna@example.org', '', now())"
      )
      let error = try await #require(throws: ForeignCustomers.self) {
        try await demo.seed(accounts: 1, force: false)
      }
      #expect(error.count == 1)
      #expect(try await world.number("SELECT count(*) FROM manage.admins") == 0)
      _ = try await demo.seed(accounts: 1, force: true)
      #expect(try await world.number("SELECT count(*) FROM auth.accounts") == 3)
      // From then on there is demo data to add to.
      _ = try await demo.seed(accounts: 2, force: false)
    }
  }

  @Test func `secrets follow from the master key and from nothing else`() throws {
    let key = try MasterKey(base64: Data(repeating: 1, count: 32).base64EncodedString())
    let other = try MasterKey(base64: Data(repeating: 2, count: 32).base64EncodedString())
    let secrets = DemoSecrets(key)
    #expect(secrets.apiKey == DemoSecrets(key).apiKey)
    let all = [
      secrets.apiKey, secrets.password, secrets.nodeToken(1), secrets.nodeToken(2),
      DemoSecrets(other).apiKey,
    ]
    #expect(Set(all).count == all.count)
    #expect(OpaqueToken(secrets.apiKey) != nil)
  }
}
