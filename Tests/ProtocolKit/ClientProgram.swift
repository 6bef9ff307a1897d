package import Foundation
package import SubscriptionFormats

/// A client program that reads the documents for its living.
package enum ClientProgram: String, Sendable, CaseIterable {
  case mihomo
  case singBox112 = "sing-box-1.12"
  case singBox113 = "sing-box-1.13"
  case singBox114 = "sing-box-1.14"

  package struct Missing: Error, CustomStringConvertible {
    package let name: String
    package let places: [String]

    package var description: String {
      "\(name) is not in \(places.joined(separator: " nor in ")). 'make test' installs it; or set HELIUM_TOOLS_BIN to a folder that has it."
    }
  }

  package struct Outcome: Sendable {
    package let status: Int32
    package let output: String
  }

  /// The programs that must accept documents of a format.
  package static func readers(of format: SubscriptionFormat) -> [ClientProgram] {
    switch format {
    case .v2ray, .surge, .surfboard, .loon, .quantumultX, .shadowrocket, .sip008, .outline: []
    // mihomo reads what its relatives do.
    case .clash, .mihomo, .stash: [.mihomo]
    case .singBox(.oneEleven): [.singBox112]
    case .singBox(.oneTwelve): [.singBox112, .singBox113]
    case .singBox(.oneThirteen): [.singBox113, .singBox114]
    case .singBox(.oneFourteen): [.singBox114]
    }
  }

  package func executable() throws -> URL {
    var places = [packageRoot.appending(path: ".venv/bin")]
    if let folder = ProcessInfo.processInfo.environment["HELIUM_TOOLS_BIN"] {
      places.append(URL(filePath: folder))
    }
    for place in places {
      let program = place.appending(path: rawValue)
      if FileManager.default.isExecutableFile(atPath: program.path) { return program }
    }
    throw Missing(name: rawValue, places: places.map(\.path))
  }

  /// Lets the program check a document, in a folder of its own.
  package func check(_ document: [UInt8]) throws -> Outcome {
    try TemporaryFolder.with { folder in
      let file = folder.appending(path: "document")
      try Data(document).write(to: file)
      let arguments =
        switch self {
        case .mihomo: ["-t", "-d", folder.path, "-f", file.path]
        default: ["check", "--disable-color", "-D", folder.path, "-c", file.path]
        }
      return try run(arguments)
    }
  }

  package func run(_ arguments: [String]) throws -> Outcome {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = try executable()
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: String(decoding: output, as: UTF8.self)
    )
  }

  private var packageRoot: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }
}

package enum TemporaryFolder {
  /// A folder that is gone when `body` returns.
  package static func with<R>(_ body: (URL) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "helium-formats-\(UUID().uuidString)"
    )
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}
