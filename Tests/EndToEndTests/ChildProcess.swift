import Foundation
import Glibc

/// A program that runs beside the test, and that ends with the test process in whatever way that ends.
///
/// Its output goes to files, so that nothing waits for a reader.
final class ChildProcess {
  struct Result {
    let status: Int32
    let output: String
    let error: String
  }

  // Reads from the test process, and asks the program to end when nothing can come any more. What the program returns is returned.
  private static let supervisor = """
    "$@" </dev/null 3<&- & pid=$!
    (read line; kill -TERM $pid) 2>&- <&3 &
    watch=$!
    exec 3<&-
    wait $pid; status=$?
    kill $watch 2>&-
    exit $status
    """

  private let process = Process()
  private let lifeline = Pipe()
  private let outputFile: URL
  private let errorFile: URL

  init(_ program: URL, _ arguments: [String], environment: [String: String], in folder: URL) throws {
    let name = "\(arguments.last ?? "").\(UUID().uuidString)".replacing("/", with: "-")
    outputFile = folder.appendingPathComponent("\(name).out")
    errorFile = folder.appendingPathComponent("\(name).err")
    for file in [outputFile, errorFile] { try Data().write(to: file) }
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "exec 3<&0; \(Self.supervisor)", "sh", program.path] + arguments
    process.environment = environment
    process.standardInput = lifeline
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
  }

  /// Nil while it runs.
  var status: Int32? { process.isRunning ? nil : process.terminationStatus }

  var error: String { Self.text(errorFile) }

  /// Sends SIGTERM to the program.
  func terminate() {
    try? lifeline.fileHandleForWriting.close()
  }

  /// Ends the program without asking.
  func kill() {
    guard process.isRunning else { return }
    for child in children { Glibc.kill(child, SIGKILL) }
    process.terminate()
  }

  /// Waits for the end.
  func result() async throws -> Result {
    while process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
    return Result(status: process.terminationStatus, output: Self.text(outputFile), error: error)
  }

  private var children: [pid_t] {
    let pid = process.processIdentifier
    return Self.text(URL(fileURLWithPath: "/proc/\(pid)/task/\(pid)/children")).split(separator: " ").compactMap { pid_t($0) }
  }

  private static func text(_ file: URL) -> String {
    (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
