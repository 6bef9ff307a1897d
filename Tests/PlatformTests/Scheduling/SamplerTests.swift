import Logging
import Platform
import ServiceLifecycle
import Synchronization
import Testing

@Suite struct SamplerTests {
  private struct Failure: Error {}

  private struct Sampling: Service {
    let sampler: Sampler
    let sample: @Sendable () async throws -> Void

    func run() async throws { await sampler.run(sample) }
  }

  /// Counts the warnings of a logger.
  private struct WarningCounter: LogHandler {
    let count: @Sendable () -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    init(_ count: @escaping @Sendable () -> Void) {
      self.count = count
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      if event.level == .warning { count() }
    }
  }

  @Test(arguments: [
    (fails: [false, false, false], warnings: 0), (fails: [true, true, true], warnings: 1),
    (fails: [false, true, true, false, true, false], warnings: 2),
  ])
  func `a failure ends nothing and is told once for each outage, and a shutdown ends it`(
    fails: [Bool],
    warnings: Int
  ) async throws {
    let told = Mutex(0)
    let samples = Mutex(0)
    let (numbers, number) = AsyncStream.makeStream(of: Int.self)
    let logger = Logger(label: "test") { _ in WarningCounter { told.withLock { $0 += 1 } } }
    let sampler = Sampler(failure: "not measured", every: .milliseconds(1), logger: logger)
    let sampling = Sampling(sampler: sampler) {
      let index = samples.withLock { samples in
        defer { samples += 1 }
        return samples
      }
      // The one after the last says that the last is done with.
      number.yield(index)
      if index < fails.count ? fails[index] : fails[fails.count - 1] { throw Failure() }
    }
    let group = ServiceGroup(
      configuration: .init(services: [.init(service: sampling)], logger: Logger(label: "group"))
    )
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      for await index in numbers where index == fails.count { break }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
    #expect(told.withLock { $0 } == warnings)
  }
}
