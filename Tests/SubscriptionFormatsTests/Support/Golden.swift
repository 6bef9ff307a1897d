import Foundation
import Testing

/// Files that say, byte for byte, what is to be written. `HELIUM_UPDATE_GOLDEN=1` writes them anew,
/// for a reader to look through.
enum Golden {
  static func expect(
    _ bytes: [UInt8],
    equal file: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/\(file)")
    if ProcessInfo.processInfo.environment["HELIUM_UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try Data(bytes).write(to: url)
      return
    }
    let expected = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    #expect(
      String(decoding: bytes, as: UTF8.self) == expected,
      "differs from \(file)",
      sourceLocation: sourceLocation
    )
  }
}
