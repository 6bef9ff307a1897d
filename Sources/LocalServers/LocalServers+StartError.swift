package import SystemPackage

extension LocalServers {
  /// Why servers could not be started. The description says in one line what to do about it.
  package enum StartError: Error, CustomStringConvertible {
    /// These Debian packages are not installed.
    case missingPrograms(packages: [String])
    /// Another process runs servers in this directory.
    case alreadyRunning(directory: FilePath, pid: Int32)
    /// A fixed port is in use by another program.
    case portTaken(Kind, port: Int)
    case directoryUnusable(FilePath, reason: String)
    /// A server did not start, or a program that works on it failed. The log is the end of what it
    /// wrote.
    case serverFailed(Kind, reason: String, log: [String])

    package var description: String {
      switch self {
      case .missingPrograms(let packages):
        "Programs are missing. Install them with: sudo apt-get install -y --no-install-recommends \(packages.joined(separator: " "))"
      case .alreadyRunning(let directory, let pid):
        "Servers are already running in \(directory), started by process \(pid). Stop that one, or choose another directory."
      case .portTaken(let kind, let port):
        "Port \(port), meant for \(kind.title), is in use by another program. Stop that program, or allow any free port."
      case .directoryUnusable(let directory, let reason):
        "The directory \(directory) can't be used: \(reason)"
      case .serverFailed(let kind, let reason, let log):
        "\(kind.title): \(reason)" + log.map { "\n  | \($0)" }.joined()
      }
    }
  }
}
