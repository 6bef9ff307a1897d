import Testing

/// Something that must not stand in a file of a certain kind.
struct Rule: Sendable, CustomTestStringConvertible {
  /// What holds where the rule is kept.
  let statement: String
  /// Files that may break it, each with the reason.
  var exceptions: [String: String] = [:]
  /// The numbers of the lines that break it.
  let offences: @Sendable (SourceFile) -> [Int]
  /// A file that breaks it, so that a rule that finds nothing is found.
  let example: SourceFile

  var testDescription: String { statement }

  /// A rule about each line that is not a comment.
  static func line(
    _ statement: String,
    exceptions: [String: String] = [:],
    in covers: @escaping @Sendable (SourceFile) -> Bool,
    example: SourceFile,
    isBroken: @escaping @Sendable (Substring) -> Bool
  ) -> Rule {
    Rule(
      statement: statement,
      exceptions: exceptions,
      offences: { file in
        guard covers(file) else { return [] }
        return file.lines.enumerated().filter { !$0.element.isComment && isBroken($0.element) }.map
        { $0.offset + 1 }
      },
      example: example
    )
  }

  /// A rule about what a file may import.
  static func imports(
    _ statement: String,
    example: SourceFile,
    isBroken: @escaping @Sendable (SourceFile, Substring) -> Bool
  ) -> Rule {
    Rule(
      statement: statement,
      offences: { file in
        guard file.path.hasPrefix("Sources/"), file.path.hasSuffix(".swift") else { return [] }
        return file.imports.filter { isBroken(file, $0.name) }.map(\.line)
      },
      example: example
    )
  }

  /// `path:line` of everything in the tree that breaks the rule.
  func offences(in files: [SourceFile]) -> [String] {
    files.filter { exceptions[$0.path] == nil }.flatMap { file in
      offences(file).map { "\(file.path):\($0)" }
    }
  }
}

extension Substring {
  var isComment: Bool {
    let text = drop { $0 == " " }
    return text.hasPrefix("//") || text.hasPrefix("--")
  }
}
