import LocalServers
import TestKit
import Testing

/// Every RPC that reflection lists, called over the wire by all who may and may not, with what is
/// right and with what is wrong.
@Suite(.serialized) struct WireSweepTests {
  @Test func `no RPC lets strangers in, breaks at rubbish, or does twice what has one key`()
    async throws
  {
    try await withTestServers([.postgres, .redis, .rabbitmq, .mailSink]) { servers in
      let installation = try Installation(servers)
      defer { installation.remove() }
      try await installation.migrate()

      try await installation.withWorkers { workers in
        for worker in workers { try await worker.waitUntilReady() }
        let invitation = try await installation.invitation()
        let sweep = try await installation.script("wire_sweep", [], ["INVITATION": invitation])
          .result()
        #expect(sweep.status == 0, "\(sweep.output)\(sweep.error)")
        #expect(sweep.output.hasSuffix("sweep done\n"))
        if sweep.status != 0 { workers.forEach { print($0.lastLines) } }
      }
    }
  }
}
