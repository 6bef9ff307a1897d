import Testing

/// STYLE.md and ARCHITECTURE.md, as far as a machine can check them.
@Suite struct RuleTests {
  static let rules = Rule.dependencyRules + Rule.codeRules

  @Test(arguments: rules) func `the tree keeps the rule`(rule: Rule) {
    #expect(rule.offences(in: SourceTree.written) == [])
  }

  @Test(arguments: rules) func `the rule finds its example`(rule: Rule) {
    #expect(!rule.offences(rule.example).isEmpty)
  }

  @Test(arguments: rules) func `an exception names a file that needs it`(rule: Rule) {
    for path in rule.exceptions.keys {
      let file = SourceTree.files.first { $0.path == path }
      #expect(file.map(rule.offences)?.isEmpty == false, "\(path)")
    }
  }

  @Test func `the tree was found`() {
    #expect(SourceTree.modules.isSuperset(of: ["Auth", "Manage", "Shop", "Telecom"]))
    #expect(SourceTree.swift.count > 100)
  }
}
