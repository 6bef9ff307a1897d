import Foundation

/// A file of this repository.
struct SourceFile: Sendable {
  /// From the repository's root, e.g. `Sources/Modules/Shop/Shop.swift`.
  let path: String
  let text: String

  var name: Substring {
    path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
  }
  var isGenerated: Bool { path.contains("/Generated/") }
  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The module whose folder the file is in.
  var module: Substring? {
    let folders = path.split(separator: "/")
    return path.hasPrefix("Sources/Modules/") && folders.count > 3 ? folders[2] : nil
  }

  func isIn(_ folder: String) -> Bool {
    path.hasPrefix("\(folder)/") || path.contains("/\(folder)/")
  }

  /// The names that the file imports, with their line numbers.
  var imports: [(line: Int, name: Substring)] {
    lines.enumerated().compactMap { index, line in
      guard line.contains("import "),
        let match = line.wholeMatch(
          of: /(?:@\w+ |package |internal |private )*import (?:\w+ )?(\w+)[.\w]*\s*/
        )
      else { return nil }
      return (index + 1, match.1)
    }
  }
}

/// The files that people and generators write.
enum SourceTree {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Swift, SQL and Protocol Buffers, sorted by path.
  static let files: [SourceFile] = [
    "Sources", "Tests", "Tools", "Benchmarks", "migrations", "proto",
  ].flatMap(files(under:))

  static let swift = files.filter { $0.path.hasSuffix(".swift") }
  static let written = files.filter { !$0.isGenerated }
  static let modules: Set<Substring> = Set(swift.compactMap(\.module))

  static func files(ofModule module: Substring) -> [SourceFile] {
    files.filter { $0.module == module }
  }

  private static func files(under folder: String) -> [SourceFile] {
    let paths =
      FileManager.default.enumerator(atPath: root.appending(path: folder).path)?.compactMap {
        $0 as? String
      } ?? []
    return paths.sorted().compactMap { path in
      guard [".swift", ".sql", ".proto"].contains(where: path.hasSuffix) else { return nil }
      let path = "\(folder)/\(path)"
      guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8) else {
        return nil
      }
      return SourceFile(path: path, text: text)
    }
  }
}
