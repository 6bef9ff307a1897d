import Foundation
import FoundationNetworking

/// `helium serve` as a child process.
struct WorkerProcess {
  /// How long a worker may take until it answers on a machine that builds beside the test.
  private static let startSeconds = 60
  /// Enough to see why it failed.
  private static let shownLines = 40

  let mode: String
  let healthPort: Int
  let process: ChildProcess

  enum Failure: Error {
    case ended(mode: String, status: Int32)
    case notReady(mode: String)
    case notEnded(mode: String)
  }

  /// Waits for 200 from `/readyz`.
  func waitUntilReady() async throws {
    guard let url = URL(string: "http://127.0.0.1:\(healthPort)/readyz") else { return }
    for _ in 0..<(Self.startSeconds * 10) {
      if let status = process.status { throw Failure.ended(mode: mode, status: status) }
      if let (_, response) = try? await URLSession.shared.data(from: url),
        (response as? HTTPURLResponse)?.statusCode == 200
      {
        return
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Failure.notReady(mode: mode)
  }

  /// Asks it to end, as an orchestrator does.
  func terminate() {
    process.terminate()
  }

  /// Ends it at once if it still runs.
  func kill() {
    process.kill()
  }

  /// Ends it as `kill -9` does, and returns when it is gone.
  func killAndWait() async throws {
    process.kill()
    while process.status == nil { try await Task.sleep(for: .milliseconds(2)) }
  }

  /// The exit status of a worker that was asked to end.
  func status(within seconds: Int) async throws -> Int32 {
    for _ in 0..<(seconds * 10) {
      if let status = process.status { return status }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Failure.notEnded(mode: mode)
  }

  /// The end of its log.
  var lastLines: String {
    let lines = process.error.split(separator: "\n").suffix(Self.shownLines)
    return "--- \(mode)\n\(lines.joined(separator: "\n"))"
  }
}
