/// Which worker a process runs.
package enum WorkMode: String, Sendable, CaseIterable {
  case grpc
  case subscribeAPI = "subscribe_api"
  case webhookAPI = "webhook_api"
  case nodeAPI = "node_api"
  case consumer
  case mailer
  case cronExecutor = "cron_executor"
  /// Every worker in one process, for small installations.
  case all

  /// The workers that a process of this mode runs.
  package var workers: [WorkMode] {
    self == .all ? Self.allCases.filter { $0 != .all } : [self]
  }
}
