import Subprocess
import SystemPackage

/// Runs programs that prepare a server's data or work on it.
struct Preparation: Sendable {
  let kind: LocalServers.Kind
  let folder: FilePath
  let account: Account?

  /// Runs a program to its end.
  ///
  /// - Throws: `serverFailed` with the program's last lines when it fails.
  func run(
    _ command: [String],
    input: String = "",
    environment: [Environment.Key: String] = [:]
  ) async throws(LocalServers.StartError) {
    let whole = ServerProgram.prefix(account) + command
    let output: String
    do {
      let result = try await Subprocess.run(
        .path(FilePath(whole[0])),
        arguments: Arguments(Array(whole.dropFirst())),
        environment: .custom(ServerProgram.environment(home: folder).merging(environment) { $1 }),
        workingDirectory: folder,
        input: .string(input),
        output: .string(limit: 1 << 20),
        error: .combinedWithOutput
      )
      if result.terminationStatus.isSuccess { return }
      output = result.standardOutput
    } catch {
      throw .serverFailed(kind, reason: "\(command[0]): \(error)", log: [])
    }
    let lines = output.split(whereSeparator: \.isNewline).suffix(12).map(String.init)
    throw .serverFailed(kind, reason: "\(command[0]) failed", log: lines)
  }
}
