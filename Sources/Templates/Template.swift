/// A text with places for values: the logic-less part of Mustache.
///
/// `{{name}}` puts a value, escaped as the template asks; `{{{name}}}` or `{{&name}}` puts it as it
/// is; `{{#name}}…{{/name}}` is there where the value isn't empty, `{{^name}}…{{/name}}` where it
/// is; `{{! … }}` is nothing. A line with nothing but a section's tag or a comment leaves no line
/// behind. Partials, lists, lambdas and other delimiters are refused. Source: mustache(5) and the
/// Mustache spec.
package struct Template: Hashable, Sendable {
  /// What becomes of a value that is put in.
  package enum Escaping: Hashable, Sendable {
    case none
    /// For HTML's text and quoted attributes.
    case html
  }

  indirect enum Part: Hashable, Sendable {
    case text(String)
    case value(String, isEscaped: Bool)
    case section(String, isInverted: Bool, [Part])
  }

  let parts: [Part]
  let escaping: Escaping

  /// Reads a template, or says what is wrong with it and in which line.
  package init(_ source: String, escaping: Escaping) throws(SyntaxError) {
    var parser = TemplateParser(source)
    parts = try parser.parse()
    self.escaping = escaping
  }

  /// The text with `values` in their places. A value that is missing counts as empty.
  package func render(_ values: [String: String]) -> String {
    var result = ""
    render(parts, values, into: &result)
    return result
  }

  /// The names that the template mentions.
  package var names: Set<String> { Self.names(in: parts) }

  private func render(_ parts: [Part], _ values: [String: String], into result: inout String) {
    for part in parts {
      switch part {
      case .text(let text): result += text
      case .value(let name, let isEscaped):
        let value = values[name] ?? ""
        result += isEscaped && escaping == .html ? Self.escapedForHTML(value) : value
      case .section(let name, let isInverted, let inner):
        if (values[name] ?? "").isEmpty == isInverted { render(inner, values, into: &result) }
      }
    }
  }

  private static func names(in parts: [Part]) -> Set<String> {
    parts.reduce(into: []) { names, part in
      switch part {
      case .text: break
      case .value(let name, _): names.insert(name)
      case .section(let name, _, let inner): names.formUnion(Self.names(in: inner).union([name]))
      }
    }
  }

  private static func escapedForHTML(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Why a text is no template; lines count from 1.
  package enum SyntaxError: Error, Hashable, CustomStringConvertible {
    case unclosedTag(line: Int)
    case malformedName(String, line: Int)
    case unsupportedTag(String, line: Int)
    case unclosedSection(String, line: Int)
    /// A section's end where none, or another one, is open.
    case unexpectedEnd(String, line: Int)
    case nestedTooDeep(line: Int)

    package var description: String {
      switch self {
      case .unclosedTag(let line): "line \(line): a tag has no end"
      case .malformedName(let name, let line):
        "line \(line): \"\(name)\" is not a name: use letters, digits, _, - and dots"
      case .unsupportedTag(let tag, let line): "line \(line): {{\(tag)}} is not supported"
      case .unclosedSection(let name, let line): "line \(line): the section \(name) has no end"
      case .unexpectedEnd(let name, let line): "line \(line): the section \(name) is not open here"
      case .nestedTooDeep(let line): "line \(line): sections are nested too deeply"
      }
    }
  }
}
