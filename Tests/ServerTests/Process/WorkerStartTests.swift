import Foundation
import Postgres
import TestKit
import Testing
import WorldKit

/// A worker that can't work says why in one line, and ends.
@Suite struct WorkerStartTests {
  /// What is wrong with an environment, and what the worker must say.
  struct Fault: Sendable, CustomTestStringConvertible {
    let variable: String
    let value: String
    let said: String

    var testDescription: String { "\(variable)=\(value)" }
  }

  private static let faults = [
    Fault(
      variable: "DATABASE_URL",
      value: "postgres://helium@127.0.0.1:1/helium",
      said: "database can't be reached"
    ),
    Fault(variable: "REDIS_URL", value: "redis://127.0.0.1:1", said: "redis can't be reached"),
    Fault(
      variable: "MQ_URL",
      value: "amqp://guest:guest@127.0.0.1:1/",
      said: "rabbitmq can't be reached"
    ),
    Fault(
      variable: "HELIUM_MASTER_KEY_FILE",
      value: "/nothing/there",
      said: "HELIUM_MASTER_KEY_FILE: /nothing/there can't be read"
    ),
    Fault(variable: "GRPC_LISTEN", value: "nowhere", said: "GRPC_LISTEN: must be host:port"),
  ]

  @Test(arguments: faults) func `a start that fails names the variable and ends with a failure`(
    fault: Fault
  ) async throws {
    try await withWorkerEnvironment { environment, _, folder in
      let worker = try ServedWorker(
        "subscribe_api",
        environment: environment.merging([fault.variable: fault.value]) { $1 },
        in: folder
      )
      defer { worker.kill() }
      #expect(try await worker.status() != 0)
      let lines = worker.output.split(separator: "\n").filter { $0.contains(fault.said) }
      #expect(lines.count == 1, "\(worker.output)")
      #expect(lines.first?.contains(fault.variable) == true)
    }
  }

  @Test func `a database without a schema is refused with what to run`() async throws {
    try await withWorkerEnvironment { environment, _, folder in
      try await withTestDatabase { empty in
        let worker = try ServedWorker(
          "cron_executor",
          environment: environment.merging(["DATABASE_URL": empty.url]) { $1 },
          in: folder
        )
        defer { worker.kill() }
        #expect(try await worker.status() != 0)
        #expect(worker.output.contains("helium migrate"))
      }
    }
  }

  @Test func `another tenant's database is refused`() async throws {
    try await withWorkerEnvironment { environment, database, folder in
      let connection = try DescribingConnection(database.url)
      try connection.execute(
        "INSERT INTO platform.installation (tenant_id, created_at) VALUES ('other', now())"
      )
      let worker = try ServedWorker(
        "cron_executor",
        environment: environment.merging(["TENANT_ID": "mine"]) { $1 },
        in: folder
      )
      defer { worker.kill() }
      #expect(try await worker.status() != 0)
      #expect(worker.output.contains("belongs to tenant other, not mine"))
    }
  }

  @Test func `a port that is taken is named with its variable`() async throws {
    try await withWorkerEnvironment { environment, _, folder in
      let first = try ServedWorker("subscribe_api", environment: environment, in: folder)
      defer { first.kill() }
      let port = try await first.port(of: "subscriptions")
      let second = try ServedWorker(
        "subscribe_api",
        environment: environment.merging(["SUBSCRIBE_API_LISTEN": "127.0.0.1:\(port)"]) { $1 },
        in: folder
      )
      defer { second.kill() }
      #expect(try await second.status() != 0)
      #expect(second.output.contains("can't listen on 127.0.0.1:\(port)"), "\(second.output)")
      #expect(second.output.contains("SUBSCRIBE_API_LISTEN"))
    }
  }

  @Test func `a certificate that can't be used is named with its variable`() async throws {
    try await withWorkerEnvironment { environment, _, folder in
      let file = folder.appending(path: "tls.pem")
      try Data("no certificate".utf8).write(to: file)
      let worker = try ServedWorker(
        "grpc",
        environment: environment.merging(["TLS_CERT_FILE": file.path, "TLS_KEY_FILE": file.path]) {
          $1
        },
        in: folder
      )
      defer { worker.kill() }
      #expect(try await worker.status() != 0)
      #expect(worker.output.contains("TLS_CERT_FILE: \(file.path)"))
    }
  }
}
