/// A place in a statement where the value of a parameter stands, whole: `$1::uuid`,
/// `ANY($1::uuid[])`, `unnest($1::uuid[])`, `($1::uuid[])[n]`, or the column of a subquery that
/// `unnest($1::uuid[]) AS id` makes.
struct ParameterUse {
  /// `$1`.
  let parameter: String
  /// Its tokens.
  let range: ClosedRange<Int>

  static func all(in tokens: [SQLText.Token], tables: StatementTables) -> [ParameterUse] {
    let direct = tokens.indices.filter { tokens[$0].kind == .parameter }.map { index in
      ParameterUse(parameter: tokens[index].text, range: whole(index, in: tokens))
    }
    return direct + derived(direct, in: tokens, tables: tables)
  }

  /// The parameter with its cast and the function or the subscript around it.
  private static func whole(_ index: Int, in tokens: [SQLText.Token]) -> ClosedRange<Int> {
    let end = endOfCast(after: index, in: tokens)
    guard index > 0, tokens[index - 1].isSign("("), end + 1 < tokens.count,
      tokens[end + 1].isSign(")")
    else { return index...end }
    if index > 1, ["ANY", "ALL", "UNNEST"].contains(where: tokens[index - 2].isWord) {
      return (index - 2)...(end + 1)
    }
    guard end + 2 < tokens.count, tokens[end + 2].isSign("["),
      let close = tokens[(end + 2)...].firstIndex(where: { $0.isSign("]") })
    else { return index...end }
    return (index - 1)...close
  }

  private static func endOfCast(after index: Int, in tokens: [SQLText.Token]) -> Int {
    guard index + 3 < tokens.count, tokens[index + 1].isSign(":"), tokens[index + 2].isSign(":")
    else { return index }
    var end = index + 3
    while end + 2 < tokens.count, tokens[end + 1].isSign("["), tokens[end + 2].isSign("]") {
      end += 2
    }
    return end
  }

  /// Where a column of a subquery stands that is nothing but a parameter's elements.
  private static func derived(
    _ uses: [ParameterUse],
    in tokens: [SQLText.Token],
    tables: StatementTables
  ) -> [ParameterUse] {
    var makers: [String: Set<String>] = [:]
    for use in uses where tokens[use.range.lowerBound].isWord("UNNEST") {
      let end = use.range.upperBound
      guard end + 2 < tokens.count, tokens[end + 1].isWord("AS") else { continue }
      makers[tokens[end + 2].text.lowercased(), default: []].insert(use.parameter)
    }
    return tokens.indices.dropLast(2).compactMap { index in
      guard tokens[index].isName, tokens[index + 1].isSign("."), tokens[index + 2].isName,
        index == 0 || !tokens[index - 1].isSign("."),
        !tables.isLabel(tokens[index].text.lowercased()),
        let parameters = makers[tokens[index + 2].text.lowercased()], parameters.count == 1,
        let parameter = parameters.first
      else { return nil }
      return ParameterUse(parameter: parameter, range: index...(index + 2))
    }
  }

  /// The columns that the value is compared with or stored in.
  func columns(in statement: StatementTables) -> [ColumnName] {
    [
      before(range.lowerBound, statement.tokens), after(range.upperBound, statement.tokens),
      inRow(statement.tokens), inserted(statement),
    ].compactMap(\.self)
  }

  /// `column <` in front of it.
  private func before(_ start: Int, _ tokens: [SQLText.Token]) -> ColumnName? {
    var index = start
    while index > 0, Self.isComparison(tokens[index - 1]) { index -= 1 }
    guard index < start, start - index <= 2, isWhole(until: range.upperBound, tokens) else {
      return nil
    }
    return Self.column(endingAt: index - 1, tokens)
  }

  /// `= column` behind it.
  private func after(_ end: Int, _ tokens: [SQLText.Token]) -> ColumnName? {
    var index = end
    while index + 1 < tokens.count, Self.isComparison(tokens[index + 1]) { index += 1 }
    guard index > end, index - end <= 2, isWhole(from: range.lowerBound, tokens) else { return nil }
    return Self.column(startingAt: index + 1, tokens)
  }

  /// `(a, b) > ($1, $2)`: the column at its place in the other row.
  private func inRow(_ tokens: [SQLText.Token]) -> ColumnName? {
    let depth = tokens[range.lowerBound].depth
    guard
      let open = tokens[..<range.lowerBound].lastIndex(where: {
        $0.isSign("(") && $0.depth == depth
      }),
      Self.items(of: open, tokens).contains(range), open > 1
    else { return nil }
    var index = open
    while index > 0, Self.isComparison(tokens[index - 1]) { index -= 1 }
    guard index < open, index > 0, tokens[index - 1].isSign(")"),
      let other = tokens[..<(index - 1)].lastIndex(where: {
        $0.isSign("(") && $0.depth == tokens[index - 1].depth
      })
    else { return nil }
    let (own, others) = (Self.items(of: open, tokens), Self.items(of: other, tokens))
    guard own.count == others.count, own.count > 1, let place = own.firstIndex(of: range) else {
      return nil
    }
    return Self.column(others[place], tokens)
  }

  /// `INSERT INTO t (a, b) SELECT $1, $2` or `VALUES ($1, $2)`: the column at its place.
  private func inserted(_ statement: StatementTables) -> ColumnName? {
    let tokens = statement.tokens
    for entry in statement.entries {
      let position = entry.position
      guard position > 1, tokens[position - 1].isWord("INTO"),
        let open = tokens[position...].firstIndex(where: { $0.isSign("(") }), open <= position + 5,
        !tokens[position..<open].contains(where: { $0.isWord("SELECT") || $0.isWord("VALUES") })
      else { continue }
      let columns = Self.items(of: open, tokens)
      guard let close = columns.last.map({ $0.upperBound + 1 }), close + 1 < tokens.count else {
        continue
      }
      let values =
        tokens[close + 1].isWord("VALUES")
        ? Self.items(of: close + 2, tokens) : Self.selected(from: close + 1, tokens)
      let place = values.firstIndex {
        $0.lowerBound == range.lowerBound
          && ($0 == range || tokens[range.upperBound + 1].isWord("AS"))
      }
      guard let place, place < columns.count, let column = Self.column(columns[place], tokens)
      else { continue }
      return ColumnName(qualifier: entry.label, name: column.name)
    }
    return nil
  }

  // MARK: Reading tokens

  private static func isComparison(_ token: SQLText.Token) -> Bool {
    ["<", ">", "="].contains(where: token.isSign)
  }

  /// Whether nothing is computed with what ends there.
  private func isWhole(until end: Int, _ tokens: [SQLText.Token]) -> Bool {
    guard end + 1 < tokens.count else { return true }
    let next = tokens[end + 1]
    return next.kind == .word || next.isSign(")") || next.isSign(",")
  }

  private func isWhole(from start: Int, _ tokens: [SQLText.Token]) -> Bool {
    guard start > 0 else { return true }
    let last = tokens[start - 1]
    return last.kind == .word || last.isSign("(") || last.isSign(",")
  }

  private static func column(endingAt end: Int, _ tokens: [SQLText.Token]) -> ColumnName? {
    guard end >= 0, tokens[end].isName else { return nil }
    let start = end > 1 && tokens[end - 1].isSign(".") ? end - 2 : end
    guard
      start == 0 || [.word].contains(tokens[start - 1].kind)
        || ["(", ","].contains(where: tokens[start - 1].isSign)
    else { return nil }
    return column(start...end, tokens)
  }

  private static func column(startingAt start: Int, _ tokens: [SQLText.Token]) -> ColumnName? {
    guard start < tokens.count, tokens[start].isName else { return nil }
    let end =
      start + 2 < tokens.count && tokens[start + 1].isSign(".") ? start + 2 : start
    guard
      end + 1 == tokens.count || tokens[end + 1].kind == .word
        || [")", ",", ";"].contains(where: tokens[end + 1].isSign)
    else { return nil }
    return column(start...end, tokens)
  }

  /// `name` or `table.name`, and nothing else.
  private static func column(_ range: ClosedRange<Int>, _ tokens: [SQLText.Token]) -> ColumnName? {
    let names = tokens[range].filter(\.isName).map { $0.text.lowercased() }
    switch range.count {
    case 1 where names.count == 1: return ColumnName(qualifier: "", name: names[0])
    case 3 where names.count == 2 && tokens[range.lowerBound + 1].isSign("."):
      return ColumnName(qualifier: names[0], name: names[1])
    default: return nil
    }
  }

  /// What stands between the commas of the parenthesis at `open`.
  private static func items(of open: Int, _ tokens: [SQLText.Token]) -> [ClosedRange<Int>] {
    guard open < tokens.count, tokens[open].isSign("(") else { return [] }
    let depth = tokens[open].depth
    let close =
      tokens[(open + 1)...].firstIndex { $0.isSign(")") && $0.depth == depth } ?? tokens.endIndex
    return split((open + 1)..<close, depth: depth, tokens)
  }

  /// The items of the SELECT at `start`.
  private static func selected(from start: Int, _ tokens: [SQLText.Token]) -> [ClosedRange<Int>] {
    guard tokens[start].isWord("SELECT") else { return [] }
    let depth = tokens[start].depth
    let end =
      tokens[start...].firstIndex { token in
        token.depth < depth
          || (token.depth == depth
            && (["FROM", "WHERE", "ON", "RETURNING", "ORDER"].contains(where: token.isWord)
              || token.isSign(")") || token.isSign(";")))
      } ?? tokens.endIndex
    return split((start + 1)..<end, depth: depth, tokens)
  }

  private static func split(_ range: Range<Int>, depth: Int, _ tokens: [SQLText.Token])
    -> [ClosedRange<Int>]
  {
    var items: [ClosedRange<Int>] = []
    var start = range.lowerBound
    for index in range where tokens[index].depth == depth && tokens[index].isSign(",") {
      if start < index { items.append(start...(index - 1)) }
      start = index + 1
    }
    if start < range.upperBound { items.append(start...(range.upperBound - 1)) }
    return items
  }
}
