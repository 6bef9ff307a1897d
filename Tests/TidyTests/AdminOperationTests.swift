import Testing

/// The server checks at start that each listed operation has a row in the permission table; what
/// isn't listed escapes that check.
@Suite struct AdminOperationTests {
  @Test(arguments: SourceTree.modules.sorted()) func `a module lists each of its admin operations`(
    module: Substring
  ) throws {
    let files = SourceTree.files(ofModule: module).filter {
      $0.path.hasSuffix(".swift") && !$0.isGenerated
    }
    let declared = files.flatMap { file in
      file.lines.filter { $0.contains("AdminOperation") }.compactMap {
        $0.firstMatch(of: /struct (\w+): (?:\w+, )*AdminOperation\b/)?.1
      }
    }
    let list = files.compactMap {
      $0.text.firstMatch(
        of: /static let adminOperations: \[any AdminOperation\.Type\] = \[([^\]]*)\]/
      )?.1
    }
    let listed = list.flatMap { $0.matches(of: /(\w+)\.self/).map(\.1) }
    #expect(listed.sorted() == declared.sorted())
  }
}
