import Foundation
import LocalServers
import TestKit
import Testing

/// The whole way from an operator's invitation to billed traffic, with every worker in a process of
/// its own.
@Suite(.serialized) struct MainJobTests {
  @Test
  func
    `an operator sets up, a customer buys, a node reports, and the usage counts, over seven processes`()
    async throws
  {
    try await withTestServers([.postgres, .redis, .rabbitmq, .mailSink]) { servers in
      let installation = try Installation(servers)
      defer { installation.remove() }
      try await installation.migrate()

      try await installation.withWorkers { workers in
        for worker in workers { try await worker.waitUntilReady() }
        let job = try await installation.mainJob(invitation: installation.invitation())
        #expect(job.status == 0, "\(job.output)\(job.error)")
        #expect(job.output.hasSuffix("main job done\n"))

        for worker in workers { worker.terminate() }
        for worker in workers {
          let status = try await worker.status(within: Installation.graceSeconds)
          #expect(status == 0, "\(worker.mode) after SIGTERM")
        }
        if job.status != 0 { workers.forEach { print($0.lastLines) } }
      }
    }
  }
}
