import Foundation
import FoundationNetworking
import Glibc
import ProtocolKit

/// A mihomo that reads a document as one of its providers and tells what it understood.
enum MihomoReader {
  struct Node: Decodable, Hashable {
    let name: String
    let type: String
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private static let patience: TimeInterval = 20

  /// The nodes of a document: share links, or YAML with `proxies`.
  static func nodes(in document: [UInt8]) async throws -> [Node] {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "helium-mihomo-\(UUID().uuidString)"
    )
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(document).write(to: folder.appending(path: "document"))
    let port = try freePort()
    let configuration = """
      {"external-controller": "127.0.0.1:\(port)", "mode": "direct", "geodata-mode": false,
       "proxy-providers": {"document": {"type": "file", "path": "./document", "health-check": {"enable": false}}}}
      """
    try Data(configuration.utf8).write(to: folder.appending(path: "config.yaml"))

    let process = Process()
    process.executableURL = try ClientProgram.mihomo.executable()
    process.arguments = ["-d", folder.path]
    process.standardInput = FileHandle.nullDevice
    let log = folder.appending(path: "log")
    try Data().write(to: log)
    process.standardOutput = try FileHandle(forWritingTo: log)
    try process.run()
    defer {
      process.terminate()
      process.waitUntilExit()
    }
    let address = URL(string: "http://127.0.0.1:\(port)/providers/proxies/document")
    let deadline = Date(timeIntervalSinceNow: patience)
    while Date() < deadline, process.isRunning, let address {
      if let (data, _) = try? await URLSession.shared.data(from: address),
        let provider = try? JSONDecoder().decode(Provider.self, from: data),
        !provider.proxies.isEmpty
      {
        return provider.proxies
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw Failure(
      description:
        "mihomo has no nodes of the document: \(try String(contentsOf: log, encoding: .utf8))"
    )
  }

  private struct Provider: Decodable {
    let proxies: [Node]
  }

  /// A port of 127.0.0.1 that was free a moment ago.
  private static func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(description: "no socket") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, length) == 0 ? getsockname(descriptor, pointer, &length) : -1
      }
    }
    guard status == 0 else { throw Failure(description: "no free port") }
    return UInt16(bigEndian: address.sin_port)
  }
}
