import Metrics

/// What the driver counts, over both connections.
struct AMQPMetrics: Sendable {
  /// Messages handed to the socket.
  let published = Counter(label: "amqp_published_total")
  let confirmed = Counter(label: "amqp_confirmed_total")
  /// Messages the broker refused: nacked, or returned as unroutable.
  let rejected = Counter(label: "amqp_rejected_total")
  let returned = Counter(label: "amqp_returned_total")
  let consumed = Counter(label: "amqp_consumed_total")
  let acked = Counter(label: "amqp_acked_total")
  let nacked = Counter(label: "amqp_nacked_total")
  /// Connections made after the first.
  let reconnects = Counter(label: "amqp_reconnects_total")
  /// Publishes that wait for their turn or their confirm.
  let pending = Gauge(label: "amqp_publishes_pending")
}
