import Foundation
import Glibc

/// A program that runs beside the test.
///
/// Its output goes to files, so that nothing waits for a reader.
final class ChildProcess {
  struct Result {
    let status: Int32
    let output: String
    let error: String
  }

  private let process = Process()
  private let outputFile: URL
  private let errorFile: URL

  init(_ program: URL, _ arguments: [String], environment: [String: String], in folder: URL) throws
  {
    let name = "\(arguments.last ?? "").\(UUID().uuidString)".replacing("/", with: "-")
    outputFile = folder.appendingPathComponent("\(name).out")
    errorFile = folder.appendingPathComponent("\(name).err")
    for file in [outputFile, errorFile] { try Data().write(to: file) }
    process.executableURL = program
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
  }

  /// Nil while it runs; the signal's number if one ended it.
  var status: Int32? { process.isRunning ? nil : process.terminationStatus }

  /// The signal that ended it; nil while it runs, and when it ended by itself.
  var signal: Int32? {
    !process.isRunning && process.terminationReason == .uncaughtSignal
      ? process.terminationStatus : nil
  }

  var error: String { Self.text(errorFile) }

  /// Sends SIGTERM to the program.
  func terminate() {
    process.terminate()
  }

  /// Ends the program without asking.
  func kill() {
    if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
  }

  /// Waits for the end.
  func result() async throws -> Result {
    while process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
    return Result(status: process.terminationStatus, output: Self.text(outputFile), error: error)
  }

  private static func text(_ file: URL) -> String {
    (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
