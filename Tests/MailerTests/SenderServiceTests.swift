import Glibc
import Platform
import ServiceLifecycle
import TestKit
import Testing
import WorldKit

@testable import Mailer

@Suite struct SenderServiceTests {
  @Test(arguments: [WorkMode.mailer, .grpc])
  func `what speaks to the mail server ends its sessions when the worker stops`(
    worker: WorkMode
  ) async throws {
    try await withMailer { world in
      let services = world.mailer.services(of: worker)
      #expect(services.count == 1)
      let group = ServiceGroup(services: services, logger: quietLogger)
      async let running: Void = group.run()
      try await world.deliver(.code(), as: world.world.ids.next())
      #expect(try connections(to: world.sink) == 1)
      await group.triggerGracefulShutdown()
      try await running
      #expect(try connections(to: world.sink) == 0)
    }
  }

  @Test(arguments: [WorkMode.consumer, .cronExecutor, .nodeAPI, .subscribeAPI, .webhookAPI])
  func `other workers have no sessions to end`(worker: WorkMode) async throws {
    try await withMailer { world in
      #expect(world.mailer.services(of: worker).isEmpty)
    }
  }

  /// The open connections to the sink, as the kernel counts them at their clients.
  private func connections(to sink: TestMailSink) throws -> Int {
    let port = try #require(sink.url.split(separator: ":").last.flatMap { UInt16($0) })
    let hexadecimal = String(port, radix: 16, uppercase: true)
    let end = ":" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
    let file = try #require(fopen("/proc/self/net/tcp", "r"))
    defer { fclose(file) }
    var count = 0
    var line = [CChar](repeating: 0, count: 512)
    while fgets(&line, Int32(line.count), file) != nil {
      let columns = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        .split(separator: " ")
      // Local address, remote address, and state; 01 is ESTABLISHED.
      if columns.count > 3, columns[2].hasSuffix(end), columns[3] == "01" { count += 1 }
    }
    return count
  }
}
