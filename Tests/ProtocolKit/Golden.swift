import Foundation
package import Testing

/// Files that say, byte for byte, what is to be written: in the folder `Golden` of each test target.
/// `HELIUM_UPDATE_GOLDEN=1` writes them anew, for a reader to look through.
package enum Golden {
  package static func expect(
    _ bytes: [UInt8],
    equal file: String,
    caller: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let url = folder(of: caller).appending(path: "Golden/\(file)")
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

  /// The folder of the test target that a file is in.
  private static func folder(of file: String) -> URL {
    var folder = URL(filePath: file).deletingLastPathComponent()
    while folder.pathComponents.count > 1, !folder.lastPathComponent.hasSuffix("Tests") {
      folder.deleteLastPathComponent()
    }
    return folder
  }
}
