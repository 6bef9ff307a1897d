import LocalServers
import Platform

/// The ports of the workers of `helium dev`.
struct DevPorts: Sendable {
  let health: [WorkMode: Int]
  /// For workers that serve something.
  let serving: [WorkMode: Int]

  /// The usual ports, or any that are free.
  enum Choice: String, CaseIterable, Sendable {
    case `default`, any
  }

  init(health: [WorkMode: Int], serving: [WorkMode: Int]) {
    self.health = health
    self.serving = serving
  }

  init(_ choice: Choice, workers: [WorkMode]) {
    func port(_ usual: Int) -> Int { choice == .any ? LoopbackPort.free() : usual }
    health = Dictionary(uniqueKeysWithValues: workers.map { ($0, port($0.usualHealthPort)) })
    serving = Dictionary(
      uniqueKeysWithValues: workers.compactMap { mode in mode.usualPort.map { (mode, port($0)) } }
    )
  }

  /// Throws every port that somebody else listens on.
  func requireFree() throws(TakenPorts) {
    let wanted =
      serving.map { ($0.value, $0.key.rawValue) }
      + health.map { ($0.value, "the health port of \($0.key.rawValue)") }
    let taken = wanted.filter { !LoopbackPort.isFree($0.0) }.sorted { $0.0 < $1.0 }
    guard taken.isEmpty else {
      throw TakenPorts(
        ports: taken.map {
          .init(number: $0.0, purpose: $0.1, holder: LoopbackPort.holder(of: $0.0))
        }
      )
    }
  }

  /// The variables that tell a worker where to listen.
  func environment(of mode: WorkMode) -> [String: String] {
    var variables = ["HEALTH_CHECK_HOST": "127.0.0.1", "HEALTH_CHECK_PORT": "\(health[mode] ?? 0)"]
    for (mode, port) in serving {
      if let variable = mode.listenVariable { variables[variable] = "127.0.0.1:\(port)" }
    }
    return variables
  }

  /// Ports that `helium dev` wants and somebody else has.
  struct TakenPorts: Error, CustomStringConvertible {
    struct Port: Sendable {
      let number: Int
      let purpose: String
      let holder: PortHolder?
    }

    let ports: [Port]

    var description: String {
      let lines = ports.map {
        "port \($0.number), for \($0.purpose), is in use by \($0.holder?.description ?? "another program")"
      }
      return lines.joined(separator: "\n")
        + "\nStop that program, or use free ports: helium dev --ports any"
    }
  }
}

extension WorkMode {
  /// Where the worker serves, unless told otherwise; nil for one that serves nothing.
  var usualPort: Int? {
    switch self {
    case .grpc: 50_051
    case .subscribeAPI: 8_080
    case .webhookAPI: 8_081
    case .nodeAPI: 8_082
    case .consumer, .mailer, .cronExecutor, .all: nil
    }
  }

  /// On one machine the workers' health ports follow each other.
  var usualHealthPort: Int { 9_090 + (WorkMode.all.workers.firstIndex(of: self) ?? 0) }

  /// The variable that says where the worker listens.
  var listenVariable: String? {
    switch self {
    case .grpc: "GRPC_LISTEN"
    case .subscribeAPI: "SUBSCRIBE_API_LISTEN"
    case .webhookAPI: "WEBHOOK_API_LISTEN"
    case .nodeAPI: "NODE_API_LISTEN"
    case .consumer, .mailer, .cronExecutor, .all: nil
    }
  }
}
