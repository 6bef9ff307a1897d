import Synchronization
package import SystemPackage

/// Private PostgreSQL, Redis, RabbitMQ and mail sink of one directory, as child processes on
/// 127.0.0.1.
///
/// Every server has a supervisor: a shell that reads from this process, and stops its server when
/// the connection closes. So ``stop()`` and the sudden death of this process have the same effect,
/// and nothing is left running.
package final class LocalServers: Sendable {
  /// The directory the servers keep their data in, with links resolved.
  package let directory: FilePath

  private let place: Place
  private let removesDirectory: Bool
  private let recipes: [Kind: any ServerRecipe]
  private let state: Mutex<State>

  private struct State {
    var supervisors: [Kind: [Supervisor]]
    var isStopped = false
  }

  /// Starts the wanted servers in parallel and returns when every one of them answers.
  ///
  /// - Throws: ``StartError``. Servers that had started by then are stopped again.
  package static func start(_ options: Options) async throws(StartError) -> LocalServers {
    let place = try await Place.claim(options)
    var recipes: [Kind: any ServerRecipe] = [:]
    do throws(StartError) {
      recipes = try await LocalServers.recipes(for: options, in: place)
      let supervisors = try await LocalServers.startAll(recipes)
      return LocalServers(
        place: place,
        removesDirectory: options.removesDirectory,
        recipes: recipes,
        supervisors: supervisors
      )
    } catch {
      if options.removesDirectory { await place.remove() }
      place.release()
      throw error
    }
  }

  /// Throws `alreadyRunning` when some process runs servers in the directory now.
  package static func requireFree(_ directory: FilePath) throws(StartError) {
    if let pid = Place.owner(of: directory) {
      throw .alreadyRunning(directory: directory, pid: pid)
    }
  }

  /// Whether a URL names a server that was started in the directory: now, or some time before.
  package static func isOwn(_ url: String, in directory: FilePath) -> Bool {
    guard let password = directory.appending("password").text(), !password.isEmpty else {
      return false
    }
    return url.contains(password)
  }

  private init(
    place: Place,
    removesDirectory: Bool,
    recipes: [Kind: any ServerRecipe],
    supervisors: [Kind: [Supervisor]]
  ) {
    directory = place.directory
    self.removesDirectory = removesDirectory
    self.place = place
    self.recipes = recipes
    state = Mutex(State(supervisors: supervisors))
  }

  /// `postgres://…` of the database `helium`, whose user may do everything. Nil when PostgreSQL was
  /// not wanted.
  package var databaseURL: String? { recipes[.postgres]?.url }

  /// `redis://…` of database 0. Nil when Redis was not wanted.
  package var redisURL: String? { recipes[.redis]?.url }

  /// `amqp://…` of the virtual host `/`, whose user is an administrator. Nil when RabbitMQ was not
  /// wanted.
  package var mqURL: String? { recipes[.rabbitmq]?.url }

  /// `smtp://…` of the mail sink. Nil when it was not wanted.
  package var smtpURL: String? { recipes[.mailSink]?.url }

  /// Where the mail sink puts accepted messages, one `.eml` file each.
  package var mailDirectory: FilePath { place.mailDirectory }

  /// The processes of every server that runs now, supervisors included.
  package var pids: [Int32] {
    state.withLock { $0.supervisors.values.flatMap { $0.flatMap(\.pids) }.sorted() }
  }

  /// The process of one server, or nil while it does not run.
  package func pid(of kind: Kind) -> Int32? {
    state.withLock { $0.supervisors[kind]?.last?.server.pid }
  }

  /// Stops all servers in good order and in parallel; a server that does not end within its time is
  /// killed.
  ///
  /// The directory is free for another start afterwards. Calling this again does nothing.
  package func stop() async {
    let taken: [Kind: [Supervisor]]? = state.withLock { state in
      guard !state.isStopped else { return nil }
      state.isStopped = true
      defer { state.supervisors = [:] }
      return state.supervisors
    }
    guard let supervisors = taken else { return }
    await withTaskGroup(of: Void.self) { group in
      for list in supervisors.values {
        group.addTask { await Supervisor.stop(list) }
      }
    }
    if removesDirectory { await place.remove() }
    place.release()
  }

  /// Ends one server as a crash would: no goodbye to its clients, and recovery at its next start.
  package func crash(_ kind: Kind) async {
    guard let supervisors = take(kind) else { return }
    supervisors.last?.server.send(recipes[kind]?.crashSignal ?? .kill)
    await Supervisor.stop(supervisors, keepsDirectory: true)
  }

  /// Starts a server again that ``crash(_:)`` has ended, at the same address and with the data it
  /// left.
  package func restart(_ kind: Kind) async throws(StartError) {
    guard let recipe = recipes[kind] else { return }
    if let supervisors = take(kind) { await Supervisor.stop(supervisors, keepsDirectory: true) }
    let supervisors = try await recipe.start()
    let isLate = state.withLock { state in
      if state.isStopped { return true }
      state.supervisors[kind] = supervisors
      return false
    }
    if isLate { await Supervisor.stop(supervisors) }
  }

  func recipe(of kind: Kind) -> (any ServerRecipe)? { recipes[kind] }

  private func take(_ kind: Kind) -> [Supervisor]? {
    state.withLock { $0.supervisors.removeValue(forKey: kind) }
  }

  private static func recipes(for options: Options, in place: Place) async throws(StartError)
    -> [Kind: any ServerRecipe]
  {
    var recipes: [Kind: any ServerRecipe] = [:]
    var missing: [String] = []
    for kind in Kind.allCases where options.kinds.contains(kind) {
      do throws(StartError) {
        recipes[kind] = try await kind.recipe(options, in: place)
      } catch .missingPrograms(let packages) {
        missing += packages
      }
    }
    guard missing.isEmpty else { throw .missingPrograms(packages: missing) }
    return recipes
  }

  private static func startAll(_ recipes: [Kind: any ServerRecipe]) async throws(StartError)
    -> [Kind: [Supervisor]]
  {
    /// One server's start. A struct, because the optimiser of Swift 6.3 loses the kind in a tuple
    /// with a `Result`.
    struct Outcome: Sendable {
      let kind: Kind
      var supervisors: [Supervisor] = []
      var failure: StartError?
    }
    return try await withTaskGroup(of: Outcome.self) {
      group async -> Result<[Kind: [Supervisor]], StartError> in
      for (kind, recipe) in recipes {
        group.addTask {
          do throws(StartError) {
            try await recipe.prepare()
            return Outcome(kind: kind, supervisors: try await recipe.start())
          } catch {
            return Outcome(kind: kind, failure: error)
          }
        }
      }
      var started: [Kind: [Supervisor]] = [:]
      var failure: StartError?
      for await outcome in group {
        if let error = outcome.failure {
          if failure == nil { failure = error }
          group.cancelAll()
        } else {
          started[outcome.kind] = outcome.supervisors
        }
      }
      guard let failure else { return .success(started) }
      for supervisors in started.values { await Supervisor.stop(supervisors) }
      return .failure(failure)
    }.get()
  }
}
