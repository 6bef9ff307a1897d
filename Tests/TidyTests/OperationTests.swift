import Testing

/// STYLE.md: one operation, one value, one file; and each called operation is in its module's list.
@Suite struct OperationTests {
  /// The protocols that an operation conforms to, and its name.
  private static var declaration: Regex<(Substring, Substring, Substring)> {
    /^(?:package )?struct (\w+): (?:\w+, )*(\w*Operation)\b/
  }

  private static func operations(of module: Substring) -> [(name: Substring, file: SourceFile)] {
    SourceTree.files(ofModule: module).filter {
      $0.path.hasSuffix(".swift") && !$0.isGenerated && $0.isIn("Services")
    }.flatMap { file in
      file.lines.compactMap { line in
        line.firstMatch(of: declaration).map { ($0.1, file) }
      }
    }
  }

  @Test(arguments: SourceTree.modules.sorted())
  func `an operation has a file of its own, found by its name`(module: Substring) {
    let elsewhere = Self.operations(of: module).filter { $0.file.name != "\($0.name).swift" }
    #expect(elsewhere.map { "\($0.name) in \($0.file.path)" } == [])
  }

  @Test(arguments: SourceTree.modules.sorted())
  func `operations stand in Services`(module: Substring) {
    let misplaced = SourceTree.files(ofModule: module).filter {
      $0.path.hasSuffix(".swift") && !$0.isGenerated && !$0.isIn("Services")
    }.filter { file in file.lines.contains { $0.firstMatch(of: Self.declaration) != nil } }
    #expect(misplaced.map(\.path) == [])
  }

  @Test(arguments: SourceTree.modules.sorted())
  func `a module lists each operation that has a method`(module: Substring) {
    let files = SourceTree.files(ofModule: module).filter {
      $0.path.hasSuffix(".swift") && !$0.isGenerated
    }
    let conforming = files.flatMap { file in
      file.lines.compactMap { $0.firstMatch(of: /^extension (\w+): (?:Streaming)?RPC\b/)?.1 }
    }
    let listed = files.flatMap { file in
      file.text.matches(of: /\.(?:rpc|stream)\((\w+)\.self\)/).map(\.1)
    }
    #expect(listed.sorted() == conforming.sorted())
    let routes = files.filter { $0.isIn("Routes") }
    let called = Self.operations(of: module).filter { operation in
      [
        "CustomerOperation", "AdminOperation", "PublicOperation", "PartnerOperation",
        "OutwardOperation",
      ].contains { operation.file.text.contains("struct \(operation.name): \($0)") }
        && !routes.contains { $0.text.contains("\(operation.name)(") }
    }.map(\.name)
    #expect(Set(called).subtracting(listed).sorted() == [])
  }
}
