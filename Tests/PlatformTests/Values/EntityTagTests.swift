import Platform
import Testing

@Suite struct EntityTagTests {
  private let tag = EntityTag(of: Array("answer".utf8))

  @Test func `the same bytes have the same tag, and others another`() {
    #expect(EntityTag(of: Array("answer".utf8)) == tag)
    #expect(EntityTag(of: Array("answers".utf8)) != tag)
    #expect(tag.text.utf8.count == 32)
  }

  @Test func `a tag is named in quotes, weakened, in a list, and bare`() {
    let other = EntityTag(of: [])
    for header in [
      tag.headerValue, tag.weakHeaderValue, tag.text,
      "\(other.headerValue), \(tag.weakHeaderValue)",
    ] {
      #expect(tag.isNamed(in: header), "\(header)")
    }
  }

  @Test func `no header, an empty one and those of other tags name none`() {
    for header in [nil, "", "*", EntityTag(of: []).headerValue, String(tag.text.dropLast())] {
      #expect(!tag.isNamed(in: header), "\(header ?? "none")")
    }
  }

  @Test func `the body is made only for who doesn't have it`() {
    var made = 0
    func answer(_ known: String?) -> TaggedAnswer {
      TaggedAnswer(tag, known: known) {
        made += 1
        return [1]
      }
    }
    #expect(answer(tag.headerValue) == .unchanged(tag))
    #expect(made == 0)
    #expect(answer(nil) == .changed(tag, body: [1]))
    #expect(made == 1)
  }
}
