package import Platform
import Synchronization

/// Whether the worker can serve: a real round trip to each dependency, not older than a second.
package actor Readiness {
  /// What one check found: the failing parts with what they said.
  package struct Report: Sendable, Hashable {
    package var failures: [String: String]

    package var isReady: Bool { failures.isEmpty }
  }

  /// One dependency and its round trip.
  package struct Check: Sendable {
    package let name: String
    package let ping: @Sendable () async throws -> Void

    package init(_ name: String, ping: @escaping @Sendable () async throws -> Void) {
      self.name = name
      self.ping = ping
    }
  }

  /// An older answer would let a balancer send calls to a worker that can't serve them.
  private static let longestAge = Duration.seconds(1)
  /// A dependency that takes longer than this to answer a ping counts as down.
  private static let deadline = Duration.seconds(2)

  private let checks: [Check]
  private var latest: (report: Report, at: ContinuousClock.Instant)?
  private var isDraining = false

  package init(_ checks: [Check]) {
    self.checks = checks
  }

  package nonisolated var names: [String] { checks.map(\.name) }

  /// From now on the worker isn't ready, since it is shutting down.
  package func drain() {
    isDraining = true
  }

  package func report() async -> Report {
    if isDraining { return Report(failures: ["worker": "draining"]) }
    if let latest, latest.at.duration(to: .now) < Self.longestAge { return latest.report }
    let started = ContinuousClock.now
    let failures = await withTaskGroup(of: (String, String)?.self) { group in
      for check in checks {
        group.addTask {
          do {
            try await withDeadline(Self.deadline) { try await check.ping() }
            return nil
          } catch {
            return (check.name, "\(error)")
          }
        }
      }
      var failures: [String: String] = [:]
      for await failure in group {
        if let (name, reason) = failure { failures[name] = reason }
      }
      return failures
    }
    let report = Report(failures: failures)
    latest = (report, started)
    return report
  }
}

/// It took longer than its deadline.
package struct DeadlineExceeded: DomainError {
  package var kind: FailureKind { .deadlineExceeded }
  package var reason: String { "DEADLINE_EXCEEDED" }
  package var message: String { "no answer in time" }
}

/// Runs `body`, and throws `DeadlineExceeded` when it takes longer than `deadline`.
func withDeadline<R: Sendable>(
  _ deadline: Duration,
  _ body: @escaping @Sendable () async throws -> R
) async throws -> R {
  try await withThrowingTaskGroup(of: R.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await Task.sleep(for: deadline)
      throw DeadlineExceeded()
    }
    defer { group.cancelAll() }
    guard let result = try await group.next() else { throw CancellationError() }
    return result
  }
}
