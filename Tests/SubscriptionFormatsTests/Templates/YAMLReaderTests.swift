import Foundation
import ProtocolKit
import Testing

@testable import SubscriptionFormats

@Suite struct YAMLReaderTests {
  @Test(arguments: [
    ("a: 1", #"{"a":1}"#),
    ("a: '1'\nb: \"x\\n\\u00e9\\U0001F600\"", #"{"a":"1","b":"x\né😀"}"#),
    ("a: it''s\nb: 'it''s'", #"{"a":"it''s","b":"it's"}"#),
    ("a:\n- 1\n- - 2\n  - 3\n- b: 4\n  c: 5", #"{"a":[1,[2,3],{"b":4,"c":5}]}"#),
    (
      "a:\n  - b:\n      - 1\n    c: 2\n  -\n    d: 3\n  - # nothing",
      #"{"a":[{"b":[1],"c":2},{"d":3},null]}"#
    ),
    (
      "a: [1, 'x, y', {b: c, d}, [],\n  {}] # end\nf: g",
      #"{"a":[1,"x, y",{"b":"c","d":null},[],{}],"f":"g"}"#
    ),
    ("a: {\"b\":1,'c': [x]}", #"{"a":{"b":1,"c":["x"]}}"#),
    ("a: |\n  x\n   y\n\n  z\n\nb: 1", #"{"a":"x\n y\n\nz\n","b":1}"#),
    ("a: |-\n    x\n    y\nb: >\n  one\n  two\n\n  three", #"{"a":"x\ny","b":"one two\nthree\n"}"#),
    (
      "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\nf:\n  <<: [*x, {b: 9, g: 3}]\n  b: 8",
      #"{"a":{"b":1},"c":{"b":1},"d":{"e":2,"b":1},"f":{"b":8,"g":3}}"#
    ),
    ("a: &x\n  - 1\nb: *x", #"{"a":[1],"b":[1]}"#),
    ("---\na: http://x.example.com/?a#b\n'b c': DOMAIN-SUFFIX,x,y # c\n? d: 1", nil),
    (
      "a: http://x.example.com/?a#b\n'b c': DOMAIN-SUFFIX,x,y # c\n+.d: ''",
      #"{"a":"http://x.example.com/?a#b","b c":"DOMAIN-SUFFIX,x,y","+.d":""}"#
    ),
    ("\u{FEFF}a: 1\r\nb:\r\n  - 2\r\n...\nc", #"{"a":1,"b":[2]}"#),
    ("a:\nb: ", #"{"a":null,"b":null}"#),
    ("- a\n- b: 1", #"["a",{"b":1}]"#),
    ("# only a comment", "null"),
    ("a: 1\n b: 2", nil), ("a:\n    - 1\n   - 2", nil), ("a: @x", nil), ("a: [1 2]\nb", nil),
    ("a: }", nil), ("a: \"\\q\"", nil),
  ])
  func `documents are read as YAML says`(text: String, json: String?) throws {
    guard let json else {
      #expect(throws: ProfileTemplateError.self) { try YAMLReader.read(text) }
      return
    }
    var template = DocumentTemplate()
    JSONWriter(isIndented: false).write(try YAMLReader.read(text), to: &template)
    #expect(String(decoding: template.literals, as: UTF8.self) == json)
  }

  @Test func `what is written is read again as it was`() throws {
    var object = DocumentObject()
    for (index, name) in RandomNames.all.enumerated() {
      object.add(
        name,
        index % 2 == 0 ? .string(name) : .array([.object([name: .string(name)]), .string(name)])
      )
    }
    var template = DocumentTemplate()
    YAMLWriter().write(object, to: &template)
    var again = DocumentTemplate()
    let read = try YAMLReader.read(String(decoding: template.literals, as: UTF8.self))
    YAMLWriter().write(try #require(read.object), to: &again)
    #expect(again.literals == template.literals)
  }

  @Test func `any bytes are read or refused, and nothing else`() {
    var generator = SplitMix(state: 11)
    let pieces = [
      "a: ", "- ", "\n", "  ", "[", "]", "{", "}", "\"", "'", "#", "&x", "*x", "|", ">", "<<", ",",
      ":", "é", "\u{0}", "\t", "\\u00",
    ]
    for _ in 0..<5_000 {
      let text = (0..<Int.random(in: 0...20, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      _ = try? YAMLReader.read(text)
      _ = try? JSONReader.read(text)
      _ = try? SurgeTemplate(text)
    }
  }
}
