import Foundation
import Testing

/// What the pages quote of the code is cut from real files.
@Suite struct ExcerptTests {
  /// A block of code in a page under a sentence that names its file in backticks.
  struct Excerpt: Sendable, CustomTestStringConvertible {
    let page: String
    let path: String
    let lines: [Substring]

    var testDescription: String { "\(page): \(path)" }
  }

  private static let pages = ["STYLE.md", "CONTRIBUTING.md"]

  /// Blocks of Swift, SQL and Protocol Buffers that follow a line `From `path`:`.
  static let excerpts: [Excerpt] = pages.flatMap { page -> [Excerpt] in
    let text =
      (try? String(contentsOf: SourceTree.root.appending(path: page), encoding: .utf8)) ?? ""
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var excerpts: [Excerpt] = []
    for (index, line) in lines.enumerated() {
      guard let path = line.firstMatch(of: /From `([\w\/+.]+)`:$/)?.1,
        let start = lines[index...].firstIndex(where: { $0.hasPrefix("```") })
      else { continue }
      let block = lines[(start + 1)...].prefix { !$0.hasPrefix("```") }
      excerpts.append(Excerpt(page: page, path: String(path), lines: Array(block)))
    }
    return excerpts
  }

  @Test func `the pages have excerpts`() {
    #expect(Self.excerpts.count >= 6)
  }

  /// An ellipsis, alone on its line, stands for lines that are left out.
  @Test(arguments: excerpts) func `an excerpt is cut from its file`(excerpt: Excerpt) throws {
    let url = SourceTree.root.appending(path: excerpt.path)
    let text = try String(contentsOf: url, encoding: .utf8)
    let parts = excerpt.lines.split { $0.drop { $0 == " " } == "…" }
    #expect(!parts.isEmpty)
    for part in parts {
      #expect(text.contains(part.joined(separator: "\n")), "\(part.joined(separator: "\n"))")
    }
  }
}
