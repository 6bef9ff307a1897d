import Glibc

/// A worker that runs in a process of its own.
struct Worker: Sendable {
  let mode: String
  let pid: Int32
  let healthPort: Int
  /// From before it was executed until `/readyz` said 200.
  var readyAfter = Duration.zero

  /// A worker that isn't ready by then on any machine has failed; its log says why.
  private static let patience = Duration.seconds(60)
  /// As exact as the start is measured.
  private static let pause = Duration.milliseconds(2)

  /// Waits for the first 200 from `/readyz`.
  func ready(since began: ContinuousClock.Instant) async throws -> Duration {
    while began.duration(to: .now) < Self.patience {
      if LoopbackHTTP("GET", "/readyz", port: healthPort)?.status == 200 {
        return began.duration(to: .now)
      }
      guard kill(pid, 0) == 0 else { break }
      try await Task.sleep(for: Self.pause)
    }
    throw Program.Failure(description: "\(mode) did not become ready; see its log in .build/bench")
  }

  func started(in readyAfter: Duration) -> Worker {
    var worker = self
    worker.readyAfter = readyAfter
    return worker
  }
}
