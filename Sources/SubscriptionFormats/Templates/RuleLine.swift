/// A rule as Clash and Surge both write it: `TYPE,value,target,options`, and `MATCH,target` or
/// `FINAL,target` at the end.
struct RuleLine: Sendable {
  let type: String
  /// What a `RULE-SET` refers to, and others match.
  let value: String
  let target: String
  private let fields: [Substring]
  private let targetIndex: Int

  /// Nil if it has no target.
  init?(_ text: String) {
    fields = Self.split(text)
    type = Self.trimmed(fields[0]).uppercased()
    isFinal = type == "MATCH" || type == "FINAL"
    targetIndex = isFinal ? 1 : 2
    guard fields.count > targetIndex else { return nil }
    target = Self.trimmed(fields[targetIndex])
    value = Self.trimmed(fields[1])
    if target.isEmpty { return nil }
  }

  let isFinal: Bool

  /// The rule with another target.
  func text(target: String) -> String {
    var fields = fields
    fields[targetIndex] = Substring(target)
    return fields.joined(separator: ",")
  }

  /// Splits at commas outside parentheses, which logical rules have.
  private static func split(_ text: String) -> [Substring] {
    var depth = 0
    return text.split(omittingEmptySubsequences: false) { character in
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      return character == "," && depth <= 0
    }
  }

  private static func trimmed(_ field: Substring) -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var field = field.drop(while: isBlank)
    while let last = field.last, isBlank(last) { field.removeLast() }
    if field.count >= 2, field.first == "\"", field.last == "\"" {
      field = field.dropFirst().dropLast()
    }
    return String(field)
  }
}
