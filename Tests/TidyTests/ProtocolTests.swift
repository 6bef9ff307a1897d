import Foundation
import Testing

/// A proxy protocol is one file for its agents, one for its clients, and lines in tables:
/// docs/adding-a-protocol.md.
@Suite struct ProtocolTests {
  /// With a protocol's samples and the tests of its rules it is twelve.
  private static let maxFiles = 9

  private static func files(naming name: String) -> [String] {
    SourceTree.written.filter { file in
      (file.isIn("Sources") || file.isIn("proto")) && !file.isIn("Demo")
        && file.text.lowercased().contains(name)
    }.map(\.path)
  }

  @Test(arguments: ["anytls", "hysteria2", "mieru", "naive", "tuic"])
  func `a protocol is few files`(name: String) {
    let files = Self.files(naming: name)
    #expect(files.contains { $0.hasPrefix("Sources/AgentProtocols/Protocols/") })
    #expect(files.contains { $0.hasPrefix("Sources/SubscriptionFormats/Protocols/") })
    #expect(files.count <= Self.maxFiles, "\(files)")
  }

  @Test func `the page on adding a protocol lists the files of one`() throws {
    let page = try String(
      contentsOf: SourceTree.root.appending(path: "docs/adding-a-protocol.md"),
      encoding: .utf8
    )
    let listed = page.matches(of: #/\| `([^`]+)` \|/#).map { String($0.1) }
    #expect(listed.sorted() == Self.files(naming: "anytls").sorted())
  }

  @Test func `what documents and agents are written by is pure`() {
    let allowed: Set<Substring> = [
      "FieldViolations", "FoundationEssentials", "Glibc", "SubscriptionFormats",
    ]
    let impure = SourceTree.swift.filter {
      $0.isIn("Sources/AgentProtocols") || $0.isIn("Sources/SubscriptionFormats")
    }.flatMap { file in
      file.imports.filter { !allowed.contains($0.name) }.map { "\(file.path): \($0.name)" }
    }
    #expect(impure == [])
  }
}
