package import Prometheus

/// Descriptions of Helium's own metrics, for readers of `/metrics`.
package enum MetricDescriptions {
  private static let texts = [
    "helium_operation_duration_seconds": "How long operations took, by operation and outcome.",
    "helium_rpc_duration_seconds": "How long RPCs took, by method and status code.",
    "helium_http_duration_seconds": "How long HTTP requests took, by route and status.",
    "helium_message_duration_seconds":
      "How long messages took to handle, by queue and outcome.",
    "helium_cron_duration_seconds": "How long runs of scheduled jobs took, by job and outcome.",
    "helium_queue_messages": "Messages waiting in a queue.",
    "helium_queue_lag_seconds": "Max time for which the oldest message of a queue has waited.",
    "helium_outbox_messages": "Messages waiting in the outbox.",
    "helium_outbox_age_seconds": "How long the oldest message of the outbox has waited.",
    "helium_traffic_waiting_reports":
      "Reports of nodes waiting to be merged; counting stops at 10,000.",
    "helium_traffic_waiting_rows": "Rows of reports waiting to be merged.",
    "helium_traffic_lag_seconds": "How long the oldest report has waited to be merged.",
    "helium_traffic_merge_duration_seconds": "How long merges of reports took.",
    "helium_traffic_merge_rows": "Rows of reports that a merge applied.",
    "helium_traffic_merged_reports": "Reports that were merged.",
    "helium_traffic_merged_rows":
      "Rows of reports that were merged, those that were set aside included.",
    "helium_traffic_set_aside_rows":
      "Rows of reports that were set aside instead of billed, by reason.",
    "postgres_pool_connections": "Connections of the pool, by state.",
    "postgres_pool_waiting": "Callers waiting for a connection of the pool.",
    "postgres_pool_wait_duration": "How long callers waited for a connection of the pool.",
    "redis_command_duration": "How long Redis commands took.",
  ]

  package static func describe(in registry: PrometheusRegistry) {
    for (name, text) in texts { registry.describe(name, text) }
  }
}
