import Testing

@testable import Server

@Suite struct DevEnvironmentTests {
  @Test(arguments: [
    ("plain", "'plain'"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#), ("$HOME;`x`", "'$HOME;`x`'"),
    ("", "''"),
  ])
  func `a value is one word of a shell`(text: String, word: String) {
    #expect(DevEnvironment.quoted(text) == word)
  }
}
