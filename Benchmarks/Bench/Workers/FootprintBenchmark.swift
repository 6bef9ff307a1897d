/// W11: what each worker costs while it has nothing to do, and how long it takes to start.
struct FootprintBenchmark {
  let installation: Installation

  /// Enough for connections, caches and the first readiness checks.
  private static let idle = Duration.seconds(10)
  /// Starts of each worker; the median is told.
  private static let starts = 3
  private static let longestStart = 1_000.0
  private static let maxResident = 40.0
  private static let maxDirty = 25.0

  func section() async throws -> Report.Section {
    var ready: [String: [Double]] = [:]
    for _ in 1..<Self.starts {
      for mode in Installation.modes {
        ready[mode, default: []].append(
          try await installation.withWorker(mode) { $0.readyAfter.milliseconds }
        )
      }
    }
    let figures = try await installation.withWorkers(Installation.modes[...]) { workers in
      try await Task.sleep(for: Self.idle)
      return try workers.flatMap { worker in
        try self.figures(
          of: worker,
          starts: ready[worker.mode, default: []] + [worker.readyAfter.milliseconds]
        )
      }
    }
    return Report.Section(
      title: "W11: each worker, idle for \(Self.idle.components.seconds) s and longer",
      notes: [
        "all seven run beside each other; MB are 10^6 bytes",
        "peers: Marzban 139-161 MB idle, PasarGuard 239 MB, Remnawave 426-454 MiB, 3x-ui 68-74 MiB; start 1.4-14 s",
      ],
      figures: figures
    )
  }

  private func figures(of worker: Worker, starts: [Double]) throws -> [Figure] {
    let memory = try ProcessUsage.memory(of: worker.pid)
    let threads = try ProcessUsage(of: worker.pid).threads
    return [
      Figure(
        name: "\(worker.mode): ready",
        value: median(starts),
        unit: "ms",
        aim: .atMost(Self.longestStart),
        detail: "of \(starts.count) starts, the slowest \(readable(starts.max() ?? 0)) ms"
      ),
      Figure(
        name: "\(worker.mode): RSS",
        value: memory.resident,
        unit: "MB",
        aim: .atMost(Self.maxResident),
        detail: "PSS \(readable(memory.proportional)) MB, \(threads) threads"
      ),
      Figure(
        name: "\(worker.mode): dirty",
        value: memory.dirty,
        unit: "MB",
        aim: .atMost(Self.maxDirty),
        detail: "private and written"
      ),
    ]
  }
}
