/// One item of a statement's result list, without its `AS`.
struct ResultExpression: Equatable {
  let tokens: [SQLText.Token]

  /// The items of the outermost SELECT or RETURNING; of a UNION those of its first branch.
  static func list(of tokens: [SQLText.Token]) -> [ResultExpression] {
    let top = tokens.indices.filter { tokens[$0].depth == 0 }
    let start =
      top.last { tokens[$0].isWord("RETURNING") } ?? top.first { tokens[$0].isWord("SELECT") }
    guard let start else { return [] }
    var rest = tokens[(start + 1)...]
    if rest.first?.isWord("ALL") == true { rest.removeFirst() }
    if rest.first?.isWord("DISTINCT") == true {
      rest.removeFirst()
      if rest.first?.isWord("ON") == true {
        rest.removeFirst()
        rest = rest.drop { $0.depth > 0 }
      }
    }
    let end =
      rest.firstIndex { token in token.depth == 0 && ends.contains { token.isWord($0) } }
      ?? rest.endIndex
    return rest[..<end].split(omittingEmptySubsequences: false) { $0.depth == 0 && $0.isSign(",") }
      .map {
        ResultExpression(item: Array($0))
      }
  }

  private static let ends = [
    "FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT",
    "OFFSET", "FETCH", "FOR",
  ]

  private init(item: [SQLText.Token]) {
    if let alias = item.lastIndex(where: { $0.depth == 0 && $0.isWord("AS") }) {
      tokens = Array(item[..<alias])
    } else if item.count > 1, let last = item.last, last.isName, last.depth == 0,
      Self.endsValue(item[item.count - 2])
    {
      tokens = Array(item.dropLast())
    } else {
      tokens = item
    }
  }

  private init(tokens: [SQLText.Token]) {
    self.tokens = tokens
  }

  /// Whether a name that follows can only be an alias.
  private static func endsValue(_ token: SQLText.Token) -> Bool {
    token.isSign(")") || token.isSign("]") || token.kind == .string || token.kind == .quotedName
      || token.kind == .parameter
  }

  /// `name`, `table.name` or `schema.table.name`.
  var isPlainColumn: Bool {
    guard tokens.count % 2 == 1 else { return false }
    return tokens.enumerated().allSatisfy { index, token in
      index % 2 == 0
        ? token.isName && token.text.first?.isNumber == false
          && !Self.constants.contains(token.text) : token.isSign(".")
    }
  }

  /// The table's name or alias before a plain column's name, in upper case.
  var qualifier: String? {
    isPlainColumn && tokens.count > 1 ? tokens[tokens.count - 3].text.uppercased() : nil
  }

  private static let constants: Set<String> = [
    "NULL", "TRUE", "FALSE", "CURRENT_TIMESTAMP", "CURRENT_DATE",
  ]

  /// The function it is a call of, in upper case: nothing but the call, save a cast, FILTER and
  /// OVER.
  var function: String? {
    let inner = withoutCast.tokens
    guard inner.count > 2, inner[0].kind == .word, inner[1].isSign("(") else { return nil }
    let rest = inner.dropFirst().filter { $0.depth == 0 }
    return rest.allSatisfy { $0.isWord("OVER") || $0.isWord("FILTER") } ? inner[0].text : nil
  }

  /// Whether a cast decides its type: `sum(x)::bigint`, not `a + b::bigint`.
  var isCast: Bool { withoutCast != self }

  /// Itself without the cast that it ends with.
  var withoutCast: ResultExpression {
    if tokens.first?.isWord("CAST") == true, tokens.count > 3,
      tokens.dropFirst().allSatisfy({ $0.depth > 0 })
    {
      let value = tokens[2...].prefix { !($0.depth == 1 && $0.isWord("AS")) }
      return ResultExpression(
        tokens: value.map { SQLText.Token(kind: $0.kind, text: $0.text, depth: $0.depth - 1) }
      ).withoutCast
    }
    guard
      let colons = tokens.indices.last(where: {
        $0 > 0 && tokens[$0].isSign(":") && tokens[$0 - 1].isSign(":") && tokens[$0].depth == 0
      })
    else { return self }
    let value = tokens[..<(colons - 1)]
    let isOneValue = value.allSatisfy { token in
      guard token.depth == 0 else { return true }
      return token.kind != .sign || [".", ":", "[", "]"].contains(token.text)
    }
    guard isOneValue,
      !value.contains(where: { token in
        token.depth == 0 && Self.operators.contains { token.isWord($0) }
      })
    else {
      return self
    }
    return ResultExpression(tokens: Array(value)).withoutCast
  }

  private static let operators = ["AND", "OR", "NOT", "IS", "IN", "LIKE", "ILIKE", "BETWEEN", "AT"]
}
