/// When a message that failed is tried again, and when it is given up.
package struct RetryPolicy: Sendable, Hashable {
  /// Seconds before the second, third … try. One retry queue stands for each.
  package let delays: [Int]

  package init(delays: [Int]) {
    self.delays = delays
  }

  /// Seconds for a passing fault, minutes for a restart, an hour in all before people must look.
  package static let standard = RetryPolicy(delays: [1, 5, 30, 120, 600, 3_000])

  /// What to do after try number `attempt` (from 1) failed.
  package func decision(after attempt: Int) -> Decision {
    attempt >= 1 && attempt <= delays.count ? .retry(afterSeconds: delays[attempt - 1]) : .giveUp
  }

  package enum Decision: Hashable, Sendable {
    case retry(afterSeconds: Int)
    case giveUp
  }

  /// The queue in which messages wait for `seconds`.
  package static func queue(forDelay seconds: Int) -> String {
    "helium.retry.\(seconds)s"
  }
}
