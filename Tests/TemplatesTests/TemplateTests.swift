import Testing

@testable import Templates

@Suite struct TemplateTests {
  private func render(
    _ source: String,
    _ values: [String: String] = [:],
    _ escaping: Template.Escaping = .html
  ) throws -> String {
    try Template(source, escaping: escaping).render(values)
  }

  @Test(arguments: [
    ("", ""), ("no tags", "no tags"), ("{ {x} } }}", "{ {x} } }}"),
    ("Hello {{name}}!", "Hello <b>\"A\" & 'B'</b>!"),
    ("Hello {{ name }}!", "Hello <b>\"A\" & 'B'</b>!"),
    ("{{name}}{{name}}", "<b>\"A\" & 'B'</b><b>\"A\" & 'B'</b>"), ("[{{unknown}}]", "[]"),
    ("{{a.b_c-1}}", "dotted"),
  ])
  func `values stand where their names were`(source: String, expected: String) throws {
    #expect(
      try render(source, ["name": "<b>\"A\" & 'B'</b>", "a.b_c-1": "dotted"], .none) == expected
    )
  }

  @Test func `values are escaped for HTML, and only on demand not`() throws {
    let values = ["v": "<a href=\"x\">'&'</a>"]
    #expect(try render("{{v}}", values) == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;")
    for source in ["{{{v}}}", "{{{ v }}}", "{{&v}}", "{{& v }}"] {
      #expect(try render(source, values) == "<a href=\"x\">'&'</a>")
    }
  }

  @Test func `a value is never read as a template`() throws {
    #expect(try render("{{a}}", ["a": "{{b}}{{#b}}", "b": "x"], .none) == "{{b}}{{#b}}")
  }

  @Test(arguments: [
    ("{{#on}}yes{{/on}}{{^on}}no{{/on}}", "yes"), ("{{#off}}yes{{/off}}{{^off}}no{{/off}}", "no"),
    ("{{#gone}}yes{{/gone}}{{^gone}}no{{/gone}}", "no"),
    ("{{#on}}a{{#off}}b{{/off}}{{#on}}c{{/on}}{{/on}}", "ac"),
    ("{{#on}}{{on}}{{/on}}", "1"), ("{{^off}}{{#on}}x{{/on}}{{/off}}", "x"),
  ])
  func `a section is there where its value isn't empty, an inverted one where it is`(
    source: String,
    expected: String
  ) throws {
    #expect(try render(source, ["on": "1", "off": ""]) == expected)
  }

  @Test(arguments: [
    ("a\n{{#on}}\nb\n{{/on}}\nc\n", "a\nb\nc\n"), ("{{#on}}\nb\n{{/on}}", "b\n"),
    ("  {{#on}}  \n  b\n\t{{/on}}\n", "  b\n"),
    ("a\r\n{{#on}}\r\nb\r\n{{/on}}\r\nc", "a\r\nb\r\nc"), ("a {{#on}}\nb{{/on}}\n", "a \nb\n"),
    ("{{! one\ntwo }}\na", "a"),
    ("a{{! no line of its own }}b", "ab"), ("{{#on}}{{/on}}\n", "\n"), ("  {{on}}\n", "  1\n"),
    ("{{#off}}\nx\n{{/off}}\n{{^off}}\ny\n{{/off}}\n", "y\n"),
    ("{{#on}} {{on}}\n {{/on}}\n", " 1\n"),
  ])
  func `a line with nothing but a section's tag or a comment leaves no line behind`(
    source: String,
    expected: String
  ) throws {
    #expect(try render(source, ["on": "1", "off": ""]) == expected)
  }

  @Test(arguments: [
    ("{{", Template.SyntaxError.unclosedTag(line: 1)), ("a\nb {{x}", .unclosedTag(line: 2)),
    ("{{{x}}", .unclosedTag(line: 1)),
    ("{{}}", .malformedName("", line: 1)), ("{{a b}}", .malformedName("a b", line: 1)),
    ("\n\n{{#a\nb}}", .malformedName("a\nb", line: 3)),
    ("{{> partial}}", .unsupportedTag("> partial", line: 1)),
    ("{{=<% %>=}}", .unsupportedTag("=<% %>=", line: 1)),
    ("{{#a}}\n{{#b}}\n{{/b}}", .unclosedSection("a", line: 1)),
    ("{{/a}}", .unexpectedEnd("a", line: 1)),
    ("{{#a}}\n{{#b}}\n{{/a}}{{/b}}", .unexpectedEnd("a", line: 3)),
    ("{{! a\nb }}\n{{/c}}", .unexpectedEnd("c", line: 3)),
    (String(repeating: "{{#a}}", count: 33), .nestedTooDeep(line: 1)),
  ])
  func `what is no template is refused with its line`(source: String, error: Template.SyntaxError) {
    #expect(throws: error) { try Template(source, escaping: .none) }
  }

  @Test func `every error names its line and says what is wrong`() {
    let errors: [Template.SyntaxError] = [
      .unclosedTag(line: 7), .malformedName("a b", line: 7), .unsupportedTag(">x", line: 7),
      .unclosedSection("s", line: 7),
      .unexpectedEnd("s", line: 7), .nestedTooDeep(line: 7),
    ]
    #expect(errors.allSatisfy { $0.description.hasPrefix("line 7: ") })
    #expect(Set(errors.map(\.description)).count == errors.count)
  }

  @Test func `a template knows the names it mentions`() throws {
    #expect(
      try Template("{{a}}{{#b}}{{{c}}}{{^d}}{{/d}}{{/b}}{{! e }}", escaping: .none).names == [
        "a", "b", "c", "d",
      ]
    )
  }

  @Test func `whatever stands between tags comes out as it was`() throws {
    var generator = SystemRandomNumberGenerator()
    let pieces = ["a", " ", "\n", "\r\n", "{", "}", "é", "👩‍👩‍👧", "{{x}}", "{{{x}}}", "\t", "<"]
    for _ in 0..<200 {
      let source = (0..<20).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      // Braces of the text beside a tag may make another one.
      guard let template = try? Template(source, escaping: .none) else { continue }
      #expect(
        template.render(["x": "{{x}}"]).filter { $0 != "{" && $0 != "}" }
          == source.filter { $0 != "{" && $0 != "}" }
      )
    }
  }
}
