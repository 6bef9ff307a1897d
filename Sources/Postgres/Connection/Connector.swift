import Logging

/// Opens connections on helper threads and hands them to their owner.
struct Connector: Sendable {
  let configuration: PostgresConfiguration
  let logger: Logger
  private let parameters: [String: String]

  init(configuration: PostgresConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
    parameters = ConnectionParameters.complete(configuration)
  }

  /// `done` is called on the helper thread.
  func open(
    role: ConnectionStateMachine.Role,
    owner: any ConnectionOwner,
    done: @escaping @Sendable (Result<ServerConnection, ConnectionAttempt.Failure>) -> Void
  ) {
    HelperThreads.connecting.run {
      switch ConnectionAttempt(parameters: parameters, timeout: configuration.connectTimeout).open()
      {
      case .success(let opened):
        done(
          .success(
            ServerConnection(
              opened,
              role: role,
              owner: owner,
              configuration: configuration,
              logger: logger,
              lifetimeShare: .random(in: 0.9...1)
            )
          )
        )
      case .failure(let failure):
        logger.warning(
          "can't connect to PostgreSQL",
          metadata: ["db.sqlstate": "\(failure.sqlState ?? "none")", "error": "\(failure.message)"]
        )
        done(.failure(failure))
      }
    }
  }
}
