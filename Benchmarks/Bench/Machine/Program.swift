import Subprocess
import SystemPackage

/// A program that is run to its end for what it prints.
enum Program {
  /// Why a run gives no figure.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// More than any of them prints.
  private static let longestOutput = 4 << 20

  /// Runs it and returns what it printed; throws `Failure` with that if it failed.
  static func run(
    _ path: FilePath,
    _ arguments: [String],
    environment: [Environment.Key: String] = [:]
  ) async throws -> String {
    let result = try await Subprocess.run(
      .path(path),
      arguments: Arguments(arguments),
      environment: .inherit.updating(environment.mapValues(Optional.some)),
      output: .string(limit: longestOutput),
      error: .string(limit: longestOutput)
    )
    guard result.terminationStatus.isSuccess else {
      throw Failure(description: "\(path) failed: \(result.standardOutput)\(result.standardError)")
    }
    return result.standardOutput
  }

  /// The first number behind `label` in what a program printed.
  static func number(after label: String, in text: String) throws -> Double {
    guard let range = text.firstRange(of: label) else {
      throw Failure(description: "no “\(label)” in: \(text)")
    }
    let digits = text[range.upperBound...].drop(while: \.isWhitespace).prefix {
      $0.isNumber || $0 == "."
    }
    guard let number = Double(digits) else {
      throw Failure(description: "no number behind “\(label)” in: \(text)")
    }
    return number
  }

  /// The program among those that Debian keeps for each version of PostgreSQL: /usr/bin has a slow
  /// wrapper of it.
  static func ofPostgreSQL(_ name: String) throws -> FilePath {
    let newestVersion = 40
    for version in (15...newestVersion).reversed() {
      let path = FilePath("/usr/lib/postgresql/\(version)/bin/\(name)")
      if isExecutable(path) { return path }
    }
    throw Failure(description: "\(name) is missing: Tools/install bench")
  }

  /// A program in /usr/bin.
  static func installed(_ name: String) throws -> FilePath {
    let path = FilePath("/usr/bin/\(name)")
    guard isExecutable(path) else {
      throw Failure(description: "\(name) is missing: Tools/install bench")
    }
    return path
  }

  /// A program that was built with this one.
  static func built(_ name: String) throws -> FilePath {
    let path = try own().removingLastComponent().appending(name)
    guard isExecutable(path) else {
      throw Failure(description: "\(path) is missing: make bench builds it")
    }
    return path
  }
}
