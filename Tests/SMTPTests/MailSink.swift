import Foundation
import SMTP

/// A real mail server (aiosmtpd) that keeps what it gets, and whose answers depend on the
/// recipient's name.
final class MailSink: Sendable {
  let port: Int
  let folder: URL
  private let process: ProcessHandle

  enum Mode: String {
    /// No TLS, no log-in.
    case plain
    /// STARTTLS offered and demanded, log-in offered.
    case startTLS = "starttls"
    case implicitTLS = "tls"
    /// Log-in demanded, without TLS.
    case login
    /// Accepts connections and says nothing.
    case silent
  }

  /// One message as it arrived, read by Python's `email` package.
  struct Message: Decodable {
    let connection: Int
    let mailFrom: String
    let recipients: [String]
    /// The header's fields, decoded, by lower-case name.
    let headers: [String: String]
    let contentType: String
    let parts: [Part]
    let longestLine: Int
    let isASCII: Bool
    let defects: [String]

    struct Part: Decodable {
      let type: String
      let disposition: String?
      let text: String
    }
  }

  // After its start only its id and whether it runs are read, which `Process` guards itself.
  private struct ProcessHandle: @unchecked Sendable {
    let process: Process
  }

  /// Starts a sink on a free port of 127.0.0.1 and returns once it listens.
  init(_ mode: Mode = .plain) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "mail-sink-\(UUID().uuidString)"
    )
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let script = folder.appendingPathComponent("sink.py")
    try sinkScript.write(to: script, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [Self.python, script.path, mode.rawValue, folder.path]
    let output = Pipe()
    process.standardOutput = output
    // Its end is the test process's end: the sink leaves with it, however that comes.
    process.standardInput = Pipe()
    process.standardError = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw StartError(
        description:
          "the sink didn't start with \(Self.python): \(line); it needs the Python package aiosmtpd"
      )
    }
    self.port = port
    self.process = ProcessHandle(process: process)
  }

  deinit {
    kill(process.process.processIdentifier, SIGKILL)
    try? FileManager.default.removeItem(at: folder)
  }

  struct StartError: Error, CustomStringConvertible {
    let description: String
  }

  var certificate: String { folder.appendingPathComponent("cert.pem").path }

  /// What has arrived so far, in order.
  var messages: [Message] {
    get throws {
      let file = folder.appendingPathComponent("messages.jsonl")
      guard let data = try? Data(contentsOf: file) else { return [] }
      return try data.split(separator: UInt8(ascii: "\n")).map {
        try JSONDecoder().decode(Message.self, from: Data($0))
      }
    }
  }

  /// What happened besides: `connect`, `quit`, `lost`.
  var events: [String] {
    guard
      let text = try? String(contentsOf: folder.appendingPathComponent("events"), encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").map(String.init)
  }

  /// Waits until something has happened that no answer told of.
  func waitForEvent(_ name: String) async throws {
    for _ in 0..<500 {
      if events.contains(name) { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw StartError(description: "\(name) never happened, only \(events)")
  }

  func stop() async throws {
    kill(process.process.processIdentifier, SIGKILL)
    // Not `waitUntilExit`, which runs a run loop on a thread of the cooperative pool.
    while process.process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
  }

  private static var python: String {
    if let python = ProcessInfo.processInfo.environment["HELIUM_PYTHON"] { return python }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let local = root.appendingPathComponent(".venv/bin/python3").path
    return FileManager.default.isExecutableFile(atPath: local) ? local : "python3"
  }
}
