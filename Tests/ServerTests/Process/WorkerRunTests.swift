import Foundation
import FoundationNetworking
import TestKit
import Testing
import WorldKit

/// Workers as processes, asked over HTTP.
@Suite struct WorkerRunTests {
  private func get(_ path: String, port: Int) async throws -> (status: Int, body: String) {
    let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
    var request = URLRequest(url: url)
    request.timeoutInterval = 120
    let (data, response) = try await URLSession.shared.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
  }

  @Test func `the consumer's metrics tell queues, the outbox, operations and pools`() async throws {
    try await withWorkerEnvironment { environment, database, folder in
      let connection = try DescribingConnection(database.url)
      // A job that no queue takes stays in the outbox.
      try connection.execute(
        """
        INSERT INTO platform.outbox (id, kind, name, body, correlation_id, created_at)
        VALUES (gen_random_uuid(), 'job', 'nobody.does_this', '{}', 'c', now() - interval '1 hour')
        """
      )
      let worker = try ServedWorker("consumer", environment: environment, in: folder)
      defer { worker.kill() }
      let port = try await worker.port(of: "health")
      var metrics = ""
      while !metrics.contains("helium_outbox_age_seconds 3")
        || !metrics.contains("helium_traffic_waiting_reports 0\n")
      {
        metrics = try await get("/metrics", port: port).body
        try await Task.sleep(for: .milliseconds(200))
      }
      #expect(metrics.contains("helium_outbox_messages 1\n"))
      for queue in ["helium.telecom.deliver_order", "helium.shop.mark_delivered", "helium.dead"] {
        #expect(metrics.contains("helium_queue_messages{queue=\"\(queue)\"} 0\n"))
        #expect(metrics.contains("helium_queue_lag_seconds{queue=\"\(queue)\"} 0\n"))
      }
      #expect(metrics.contains("# HELP helium_queue_messages Messages waiting in a queue.\n"))
      #expect(
        metrics.contains("helium_traffic_waiting_rows 0\n")
          && metrics.contains("helium_traffic_lag_seconds 0\n")
      )
      #expect(metrics.contains("postgres_pool_connections{"))
      #expect(metrics.contains("redis_commands_total"))
      #expect(metrics.contains("process_resident_memory_bytes"))
    }
  }

  @Test
  func
    `a request under way at SIGTERM is answered, readyz says no at once, and the worker ends well`()
    async throws
  {
    try await withWorkerEnvironment { environment, database, folder in
      let worker = try ServedWorker("subscribe_api", environment: environment, in: folder)
      defer { worker.kill() }
      let (port, health) = (
        try await worker.port(of: "subscriptions"), try await worker.port(of: "health")
      )
      let ready = try await get("/readyz", port: health)
      #expect(ready.status == 200)
      #expect(ready.body == #"{"status":"ok","database":"ok","redis":"ok","rabbitmq":"ok"}"#)
      let connection = try DescribingConnection(database.url)
      // What the request reads is locked until the worker drains.
      try connection.execute("BEGIN; LOCK TABLE telecom.subscriptions IN ACCESS EXCLUSIVE MODE")
      let token = String(repeating: "A", count: 43)
      async let answer = get("/subscribe/\(token)", port: port)
      while try !connection.isAnyoneWaiting() { try await Task.sleep(for: .milliseconds(20)) }
      worker.terminate()
      var draining = try await get("/readyz", port: health)
      while draining.status == 200 { draining = try await get("/readyz", port: health) }
      #expect(draining.status == 503)
      #expect(
        draining.body
          == #"{"status":"error","database":"ok","redis":"ok","rabbitmq":"ok","error":"worker: draining"}"#
      )
      try connection.execute("COMMIT")
      #expect(try await answer.status == 404)
      #expect(try await worker.status() == 0, "\(worker.output)")
    }
  }
}
