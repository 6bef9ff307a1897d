/// What sqlc claims of a result column and can't know: the types of uncast expressions, and that an
/// expression is never NULL.
///
/// It asks the author to say so, rather than to let a row that can't be decoded reach a running
/// server.
struct ResultChecks {
  let tokens: [SQLText.Token]
  let expressions: [ResultExpression]
  /// Names of columns that are nullable in some table of the schema, in upper case.
  let nullableNames: Set<String>
  let columnNames: Set<String>
  let nullableParameters: Set<String>

  init(_ query: GenerateRequest.Query, _ text: SQLText, catalog: GenerateRequest.Catalog?) {
    tokens = text.tokens
    expressions = ResultExpression.list(of: tokens)
    nullableNames = catalog?.columnNames { !$0.notNull } ?? []
    columnNames = catalog?.columnNames { _ in true } ?? []
    nullableParameters = Set(
      (query.params ?? []).filter { !$0.column.notNull }.map { "$\($0.number)" }
    )
  }

  /// Why the type that sqlc gives a column can't be relied on; nil if it can.
  func typeProblem(of column: GenerateRequest.Column, at index: Int) -> String? {
    guard let expression = expression(at: index), column.table == nil, !expression.isPlainColumn,
      !expression.isCast
    else { return nil }
    guard let type = column.type?.name, Self.guessedTypes.contains(type) else { return nil }
    if let function = expression.function, Self.counts.contains(function) { return nil }
    return "sqlc guesses the types of expressions: cast it, as in `(…)::bigint AS \(column.name)`"
  }

  /// Why a column that sqlc thinks is never NULL could be; nil if it can't.
  func nullProblem(of column: GenerateRequest.Column, at index: Int) -> String? {
    guard column.notNull, let expression = expression(at: index) else { return nil }
    guard canBeNull(expression, isDerived: column.table?.schema?.isEmpty ?? true) else {
      return nil
    }
    let name = column.name
    return
      "say whether it can be NULL, which sqlc doesn't know: `-- nullable: \(name)` or `-- not null: \(name)`"
  }

  private func expression(at index: Int) -> ResultExpression? {
    index < expressions.count ? expressions[index] : nil
  }

  private func canBeNull(_ expression: ResultExpression, isDerived: Bool) -> Bool {
    if tokens.contains(where: { token in
      token.depth == 0 && Self.setOperators.contains { token.isWord($0) }
    }) {
      return true
    }
    if expression.isPlainColumn {
      if let qualifier = expression.qualifier, outerJoinedSubqueries.contains(qualifier) {
        return true
      }
      return isDerived
        && (hasAny(Self.nullMakers, in: tokens) || hasAny(Self.setOperators, in: tokens))
    }
    let value = expression.withoutCast.tokens
    if value.count == 1 { return isNullable(value[0]) }
    switch expression.function {
    case let function? where Self.counts.contains(function) || function == "EXISTS": return false
    case "COALESCE":
      // Its last argument decides.
      let last = value.dropLast().split { $0.depth == 1 && $0.isSign(",") }.last ?? []
      if last.count == 1,
        last.first?.isName != true || !columnNames.contains(last.first?.text.uppercased() ?? "")
      {
        return last.first.map(isNullable) ?? true
      }
    default: break
    }
    let isNullTest =
      value.suffix(2).first?.depth == 0 && value.last?.isWord("NULL") == true
      && value.contains { $0.depth == 0 && $0.isWord("IS") }
    if isNullTest
      || (value.first?.isWord("NOT") == true && value.dropFirst().first?.isWord("EXISTS") == true)
    {
      return false
    }
    let hasArrow = zip(value, value.dropFirst()).contains { $0.isSign("-") && $1.isSign(">") }
    let lacksElse = value.contains { $0.isWord("CASE") } && !value.contains { $0.isWord("ELSE") }
    return hasArrow || lacksElse || hasAny(Self.nullMakers, in: value)
      || hasAny(["SELECT"], in: value) || value.contains(where: isNullable)
  }

  private func isNullable(_ token: SQLText.Token) -> Bool {
    switch token.kind {
    case .parameter: nullableParameters.contains(token.text)
    case .word, .quotedName:
      token.isWord("NULL") || nullableNames.contains(token.text.uppercased())
        || (hasOuterJoin && columnNames.contains(token.text.uppercased()))
    case .string, .sign: false
    }
  }

  private var hasOuterJoin: Bool { hasAny(["LEFT", "RIGHT", "FULL"], in: tokens) }

  /// Aliases of `LEFT JOIN (SELECT …) alias` and its kin, whose columns sqlc thinks are those of an
  /// inner join; in upper case.
  private var outerJoinedSubqueries: Set<String> {
    var aliases: Set<String> = []
    for index in tokens.indices where tokens[index].isWord("JOIN") {
      let before = tokens[..<index].suffix(2)
      guard before.contains(where: { $0.isWord("LEFT") || $0.isWord("RIGHT") || $0.isWord("FULL") })
      else { continue }
      var rest = tokens[(index + 1)...]
      if rest.first?.isWord("LATERAL") == true { rest.removeFirst() }
      guard let open = rest.first, open.isSign("(") else { continue }
      guard let close = rest.firstIndex(where: { $0.isSign(")") && $0.depth == open.depth }) else {
        continue
      }
      let alias = tokens[(close + 1)...].first { !$0.isWord("AS") }
      if let alias { aliases.insert(alias.text.uppercased()) }
    }
    return aliases
  }

  private func hasAny(_ words: Set<String>, in tokens: [SQLText.Token]) -> Bool {
    tokens.contains { $0.kind == .word && words.contains($0.text) }
  }

  private static let setOperators: Set<String> = ["UNION", "INTERSECT", "EXCEPT"]

  // Functions that are NULL over no rows, or that make NULL of something.
  private static let nullMakers: Set<String> = [
    "ARRAY_AGG", "AVG", "BIT_AND", "BIT_OR", "BOOL_AND", "BOOL_OR", "EVERY", "FIRST_VALUE",
    "JSONB_AGG", "JSONB_OBJECT_AGG", "JSON_AGG",
    "LAG",
    "LAST_VALUE", "LEAD", "MAX", "MIN", "NTH_VALUE", "NULLIF", "STRING_AGG", "SUM",
  ]

  private static let counts: Set<String> = ["COUNT", "ROW_NUMBER", "RANK", "DENSE_RANK"]

  // What sqlc gives arithmetic and functions, whatever their operands are.
  private static let guessedTypes: Set<String> = [
    "int", "integer", "bigint", "smallint", "int2", "int4", "int8", "real", "double precision",
    "float4", "float8", "numeric",
  ]
}
