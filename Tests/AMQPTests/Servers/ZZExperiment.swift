import AMQP
import LocalServers
import TestKit
import Testing

@Suite struct ZZExperiment {
  @Test func experiment() async throws {
    try await withTestServers([.rabbitmq]) { servers in
      let url = try #require(servers.mqURL)
      let client = try makeClient(url)
      try await client.declare(.queue("work", type: "quorum"))
      for n in 0..<300 { try await client.put("\(n)", into: "work") }
      let start = ContinuousClock.now
      async let load: Void = {
        for n in 0..<4000 {
          do {
            try await client.put("\(n)", into: "work", deadline: .seconds(5));
            if n % 100 == 0 { print("ok", n, ContinuousClock.now - start) }
          } catch { print("error", n, error, ContinuousClock.now - start); if ContinuousClock.now - start > .seconds(100) { break } }
        }
      }()
      try await Task.sleep(for: .milliseconds(200))
      await servers.crash(.rabbitmq)
      print("crashed", ContinuousClock.now - start)
      try await servers.restart(.rabbitmq)
      print("restarted", ContinuousClock.now - start)
      let other = try makeClient(url)
      for _ in 0..<6 {
        do { try await other.put("other", into: "work", deadline: .seconds(5)); print("other ok", ContinuousClock.now - start) } catch {
          print("other error", error, ContinuousClock.now - start)
        }
        print("depth", (try? await other.queueDepth("work", deadline: .seconds(3))) as Any)
        try await Task.sleep(for: .seconds(3))
      }
      await load
      await other.close(); await client.close()
    }
  }
}
