import Foundation
import LocalServers
import Subprocess
import SystemPackage

extension LocalServers {
  /// `rabbitmqctl` failed.
  struct ControlError: Error {
    let output: String?
  }

  /// Runs `rabbitmqctl` against the broker, in the broker's own environment.
  func control(_ arguments: [String]) async throws {
    guard let pid = pid(of: .rabbitmq) else { throw ControlError(output: "no broker") }
    let broker = try Data(contentsOf: URL(filePath: "/proc/\(pid)/environ"))
    var environment: [Environment.Key: String] = [:]
    for line in broker.split(separator: 0) {
      let parts = String(decoding: line, as: UTF8.self).split(separator: "=", maxSplits: 1).map(
        String.init
      )
      // What makes the server's script start a server is not for the tool.
      guard parts.count == 2, parts[0] != "detached", parts[0] != "RABBITMQ_DIST_PORT",
        let key = Environment.Key(rawValue: parts[0])
      else { continue }
      environment[key] = parts[1]
    }
    // A broker accepts connections a moment before it takes commands.
    for _ in 0..<Self.maxTries {
      let result = try await run(
        .path("/usr/lib/rabbitmq/bin/rabbitmqctl"),
        arguments: Arguments(["--quiet"] + arguments),
        environment: .custom(environment),
        output: .string(limit: 1 << 16),
        error: .combinedWithOutput
      )
      if result.terminationStatus.isSuccess { return }
      let output = "\(result.standardOutput)"
      guard
        output.contains("requires the 'rabbit' app")
          || output.contains(#"requires the \'rabbit\' app"#)
      else {
        throw ControlError(output: output)
      }
    }
    throw ControlError(output: "the broker takes no commands")
  }

  /// Each try takes a second: the tool starts an Erlang of its own.
  private static let maxTries = 30
}
