package import Logging
package import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// A Redis client: any number of tasks share one or a few connections, on which their commands
/// follow each other without waiting for replies (pipelining), and subscriptions have a connection
/// of their own.
///
/// It works as soon as it exists, and connects when it is first needed. `run()` keeps the
/// connections up until the graceful shutdown and then lets what is under way finish. A client that
/// is not run must be closed with `close()`.
package final class RedisClient: Sendable, Service {
  /// Where the client connects to, and its limits.
  package let configuration: RedisConfiguration
  private let connections: [CommandConnection]
  private let subscriptions: SubscriptionConnection
  private let next = Atomic<Int>(0)

  /// Makes a client that connects on demand.
  package init(
    configuration: RedisConfiguration,
    logger: Logger = Logger(label: "redis"),
    eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) {
    self.configuration = configuration
    let metrics = RedisMetrics()
    let tls = configuration.tls.map(TLSContext.init)
    connections = (0..<max(1, configuration.connections)).map { index in
      CommandConnection(
        configuration: configuration,
        tls: tls,
        logger: logger,
        metrics: metrics,
        index: index,
        eventLoop: eventLoopGroup.next()
      )
    }
    subscriptions = SubscriptionConnection(
      configuration: configuration,
      tls: tls,
      logger: logger,
      metrics: metrics,
      eventLoop: eventLoopGroup.next()
    )
  }

  deinit {
    for connection in connections { connection.abandon() }
    subscriptions.close()
  }

  /// Keeps the connections up until graceful shutdown or cancellation. After the former, commands
  /// under way finish first.
  package func run() async throws {
    for connection in connections { connection.maintain() }
    do {
      try await gracefulShutdown()
    } catch {
      for connection in connections { connection.abandon() }
    }
    await close()
  }

  /// Refuses new commands, waits for those under way (each has its deadline), and closes the
  /// connections and subscriptions.
  package func close() async {
    subscriptions.close()
    for connection in connections { connection.drain() }
    for connection in connections { await connection.closed() }
    await subscriptions.closed()
  }

  /// Sends a command and returns its reply.
  ///
  /// The deadline is counted from the call; nil is the configuration's `commandTimeout`. A
  /// cancelled call returns at once, and what it has sent may still run. Throws ``RedisError`` (an
  /// error reply as `reply`) or `CancellationError`.
  package func send(_ command: RedisCommand, deadline: Duration? = nil) async throws -> RESPValue {
    guard command.isShareable else { throw RedisError.unsupportedCommand(command.name) }
    let reply = try await connection.send(command, deadline: deadline)
    if case .error(let code, let message) = reply {
      throw RedisError.reply(code: code, message: message)
    }
    return reply
  }

  /// Sends commands back to back on one connection and returns what each has given.
  ///
  /// Throws when the pipeline as a whole has no replies; its commands may then have run in part.
  package func pipeline(_ commands: [RedisCommand], deadline: Duration? = nil) async throws
    -> [Result<RESPValue, RedisError>]
  {
    guard !commands.isEmpty else { return [] }
    for command in commands where !command.isShareable {
      throw RedisError.unsupportedCommand(command.name)
    }
    return try await connection.send(commands, deadline: deadline).map(Self.result)
  }

  /// Runs commands as one step that no other client's commands come between (MULTI … EXEC), and
  /// returns what each has given.
  ///
  /// Redis does not undo: when a command fails at run time, the others still have their effect. A
  /// command that Redis can't queue makes the call throw, and none has run.
  package func transaction(_ commands: [RedisCommand], deadline: Duration? = nil) async throws
    -> [Result<RESPValue, RedisError>]
  {
    guard !commands.isEmpty else { return [] }
    for command in commands where !command.isShareable {
      throw RedisError.unsupportedCommand(command.name)
    }
    let replies = try await connection.send(
      [RedisCommand("MULTI")] + commands + [RedisCommand("EXEC")],
      deadline: deadline
    )
    if case .error(let code, let message) = replies.last {
      throw RedisError.reply(code: code, message: message)
    }
    guard let results = replies.last?.elements else {
      throw RedisError.unexpectedReply(command: "EXEC")
    }
    return results.map(Self.result)
  }

  /// Subscribes to channels, with the key prefix put before each, until the sequence is left or the
  /// client closed.
  ///
  /// The subscription outlives connections: after a reconnection it has
  /// ``RedisSubscriptionEvent/reconnected``. At most `capacity` events wait for a slow reader; what
  /// comes then is dropped, and ``RedisSubscriptionEvent/overflowed`` says so.
  package func subscribe(to channels: [String], capacity: Int = 1_024) -> AsyncStream<
    RedisSubscriptionEvent
  > {
    subscriptions.subscribe(to: channels, capacity: capacity)
  }

  /// A key with the configuration's prefix, for commands given to ``send(_:deadline:)`` and
  /// ``pipeline(_:deadline:)``.
  package func prefixed(_ key: String) -> String {
    configuration.keyPrefix.isEmpty ? key : configuration.keyPrefix + key
  }

  private var connection: CommandConnection {
    if connections.count == 1 { return connections[0] }
    let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return connections[Int(UInt(bitPattern: turn) % UInt(connections.count))]
  }

  private static func result(_ reply: RESPValue) -> Result<RESPValue, RedisError> {
    if case .error(let code, let message) = reply {
      .failure(.reply(code: code, message: message))
    } else {
      .success(reply)
    }
  }
}
