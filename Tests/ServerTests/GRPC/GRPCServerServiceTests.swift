import GRPCCore
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import Server

@Suite struct GRPCServerServiceTests {
  @Test func `a message that is too long never reaches its handler, and the next call is served`()
    async throws
  {
    let calls = Mutex(0)
    try await ProbeServer.run(answer: { calls.withLock { $0 += 1 } }) { server in
      try await server.ask(
        question: String(repeating: "a", count: GRPCServerService.longestMessage - 100)
      )
      _ = try await server.refusal(
        question: String(repeating: "a", count: GRPCServerService.longestMessage + 1)
      )
      #expect(calls.withLock { $0 } == 1)
      try await server.ask()
    }
  }

  @Test func `a call under way when the server drains is answered, and then the server ends`()
    async throws
  {
    let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
    let (releases, release) = AsyncStream.makeStream(of: Void.self)
    let isAnswered = Mutex(false)
    try await ProbeServer.run(answer: {
      arrived.yield()
      for await _ in releases { break }
    }) { server in
      async let answer: Void = server.ask()
      for await _ in arrivals { break }
      await server.group.triggerGracefulShutdown()
      release.yield()
      try await answer
      isAnswered.withLock { $0 = true }
    }
    #expect(isAnswered.withLock { $0 })
  }

  @Test func `calls go over TLS, and go on after the certificate was replaced`() async throws {
    let folder = try TestCertificateFolder()
    defer { folder.remove() }
    try folder.replace(name: "one")
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let files = try CertificateFiles(
      .init(certificate: folder.certificate, key: folder.key),
      logger: logger
    )
    try await ProbeServer.run(certificate: files) { server in
      try await server.ask()
      try folder.replace(name: "two")
      files.refresh()
      try await server.ask()
    }
  }

  @Test func `health names every service that is served`() throws {
    let names = GRPCServerService.names(of: [
      ProbeService {}, HealthRPC(HealthRegistry(services: [])),
    ])
    #expect(names == ["grpc.health.v1.Health", "test.Probe"])
  }
}
