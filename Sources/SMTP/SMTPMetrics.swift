import Metrics

/// What a client counts.
struct SMTPMetrics: Sendable {
  private let retries = Counter(label: "smtp.session.retries")
  private let sessions = Gauge(label: "smtp.sessions")
  private let waiting = Gauge(label: "smtp.waiting")
  private let duration = Metrics.Timer(label: "smtp.send.duration")

  func record(_ outcome: SMTPJob.Outcome, of task: SMTPJob.Task, after duration: Duration) {
    guard case .send = task else { return }
    Counter(label: "smtp.sends", dimensions: [("outcome", Self.name(of: outcome))]).increment()
    self.duration.record(duration: duration)
  }

  /// Counts a send over a session that the server had closed meanwhile, repeated over a new one.
  func recordRetry() {
    retries.increment()
  }

  func update(_ pool: SessionPool<SMTPJob>) {
    sessions.record(pool.sessionCount)
    waiting.record(pool.waitingCount)
  }

  private static func name(of outcome: SMTPJob.Outcome) -> String {
    switch outcome {
    case .success: "accepted"
    case .failure(.rejected(let reply)): reply.isTransientFailure ? "rejected_for_now" : "rejected"
    case .failure(.authentication): "authentication"
    case .failure(.connection): "connection"
    case .failure(.tls): "tls"
    case .failure(.timeout): "timeout"
    case .failure(.cancelled): "cancelled"
    case .failure(.invalidField): "invalid_field"
    case .failure(.overloaded): "overloaded"
    case .failure(.closed): "closed"
    case .failure(.library): "library"
    }
  }
}
