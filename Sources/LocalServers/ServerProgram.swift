import Glibc
import Subprocess
import SystemPackage

/// How one server process is run and ended.
struct ServerProgram: Sendable {
  let kind: LocalServers.Kind
  /// Names its log and the record of its processes.
  let name: String
  let command: [String]
  var environment: [Environment.Key: String] = [:]
  /// Its working directory and home, owned by its account.
  let folder: FilePath
  /// Whose user it runs as; nil: the user of this process.
  let account: Account?
  let directory: FilePath
  let stopSignal: ProcessSignal
  /// Seconds the server has to end by itself before it is killed.
  let grace: Int
  let removesDirectory: Bool

  /// Every name a program here may have: RabbitMQ brings Erlang's port mapper.
  static let names = ["postgres", "redis", "rabbitmq", "epmd", "mail-sink"]

  var log: FilePath { directory.appending("\(name).log") }
  var records: FilePath { directory.appending("\(name).pids") }

  /// The supervisor's arguments. Should the supervisor itself be killed, its server gets the stop
  /// signal from the system.
  var scriptArguments: [String] {
    [log.string, stopSignal.rawValue, "\(grace)", removesDirectory ? directory.string : ""]
      + ServerProgram.prefix(account, deathSignal: stopSignal) + command
  }

  /// What goes before a command to run it as another user.
  static func prefix(_ account: Account?, deathSignal: ProcessSignal? = nil) -> [String] {
    var prefix: [String] = []
    if let account {
      prefix += ["--reuid", "\(account.userID)", "--regid", "\(account.groupID)", "--init-groups"]
    }
    if let deathSignal { prefix += ["--pdeathsig", deathSignal.rawValue] }
    return prefix.isEmpty ? [] : ["/usr/bin/setpriv"] + prefix
  }

  /// Nothing of the caller's environment reaches a server.
  static func environment(home: FilePath) -> [Environment.Key: String] {
    [
      "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home.string,
      "LANG": "C.UTF-8", "TZ": "UTC",
    ]
  }

  func failure(_ reason: String) -> LocalServers.StartError {
    .serverFailed(kind, reason: reason, log: log.lastLines(12))
  }
}
