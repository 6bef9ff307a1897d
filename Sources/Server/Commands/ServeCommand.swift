import Glibc

extension HeliumProcess {
  /// Runs the worker until a signal asks it to stop, or until the process `parent`, which started
  /// it, has ended.
  package func serve(parent: Int32?) async throws {
    try await withThrowingTaskGroup { group in
      group.addTask { try await Worker.run(configuration, metrics: metrics, logger: logger) }
      if let parent {
        group.addTask {
          while getppid() == parent { try await Task.sleep(for: .seconds(1)) }
          kill(getpid(), SIGTERM)
          try await Task.sleep(for: configuration.grace)
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}
