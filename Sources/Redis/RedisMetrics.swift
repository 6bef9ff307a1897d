import CoreMetrics
import Metrics

/// What a client counts. The names are part of the operator's interface.
struct RedisMetrics: Sendable {
  /// Commands that were answered.
  let commands = Counter(label: "redis_commands")
  /// Commands that were answered with an error.
  let errorReplies = Counter(label: "redis_error_replies")
  /// Commands that got no answer, by what happened.
  let expired = Counter(label: "redis_failures", dimensions: [("reason", "deadline")])
  let cancelled = Counter(label: "redis_failures", dimensions: [("reason", "cancelled")])
  let lost = Counter(label: "redis_failures", dimensions: [("reason", "connection")])
  let refused = Counter(label: "redis_failures", dimensions: [("reason", "overloaded")])
  /// From the call to the reply.
  let duration = Timer(label: "redis_command_duration")
  /// Connections that were established, and attempts to establish one.
  let connections = Counter(label: "redis_connections")
  let attempts = Counter(label: "redis_connection_attempts")
  /// Messages that subscriptions lost because their reader was slow.
  let overflows = Counter(label: "redis_subscription_overflows")
}
