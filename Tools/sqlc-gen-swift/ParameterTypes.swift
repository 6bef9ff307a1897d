/// The Swift types of a statement's parameters, as far as the statement itself tells them: a
/// parameter that is compared with a column, or stored in one, has that column's type.
///
/// sqlc says so of bare parameters, and not of those with a cast, which a parameter that can be
/// NULL or is an array needs.
struct ParameterTypes {
  private let statement: StatementTables
  private let options: Options
  private let uses: [ParameterUse]

  init(_ text: SQLText, catalog: GenerateRequest.Catalog?, options: Options) {
    statement = StatementTables(text.tokens, catalog: catalog)
    self.options = options
    uses = ParameterUse.all(in: text.tokens, tables: statement)
  }

  /// The type of the values of `parameter`; nil where no column tells it.
  ///
  /// Throws where two columns tell different types.
  func type(of parameter: GenerateRequest.Parameter) throws(GeneratorError) -> String? {
    var found: Set<String> = []
    for use in uses where use.parameter == "$\(parameter.number)" {
      for column in use.columns(in: statement) {
        if let type = type(of: column, for: parameter.column) { found.insert(type) }
      }
    }
    guard found.count < 2 else {
      throw GeneratorError(
        "it meets columns of \(found.sorted().joined(separator: " and ")): say in sqlc.yaml which it is"
      )
    }
    return found.first
  }

  /// Nil as well where the name stands for columns of different types.
  private func type(of name: ColumnName, for parameter: GenerateRequest.Column) -> String? {
    let columns = statement.columns(name)
    guard
      columns.allSatisfy({ Self.sqlType($0.column) == Self.sqlType(parameter) })
    else { return nil }
    let types = Set(
      columns.map { options.type(ofColumn: $0.column.name, of: $0.table, in: $0.schema) }
    )
    return types.count == 1 ? types.first ?? nil : nil
  }

  private static func sqlType(_ column: GenerateRequest.Column) -> String {
    let name = column.type?.name ?? ""
    let bare = name.hasPrefix("pg_catalog.") ? String(name.dropFirst("pg_catalog.".count)) : name
    return synonyms[bare] ?? bare
  }

  private static let synonyms = [
    "bigint": "int8", "integer": "int4", "int": "int4", "smallint": "int2", "boolean": "bool",
    "timestamp with time zone": "timestamptz", "varchar": "text", "character varying": "text",
  ]
}

/// A column as a statement names it, in lower case.
struct ColumnName: Equatable {
  /// A table's name or alias; empty where there is none.
  let qualifier: String
  let name: String
}

/// The tables that a statement names, wherever in it.
struct StatementTables {
  struct Entry {
    let schema: String
    let table: String
    /// What columns of it are called by: its alias, or its name.
    let label: String
    let columns: [GenerateRequest.Column]
    /// Of its name in the statement.
    let position: Int
  }

  let tokens: [SQLText.Token]
  let entries: [Entry]

  init(_ tokens: [SQLText.Token], catalog: GenerateRequest.Catalog?) {
    self.tokens = tokens
    guard tokens.count > 2 else {
      entries = []
      return
    }
    entries = (0..<(tokens.count - 2)).compactMap { index in
      guard tokens[index].isName, tokens[index + 1].isSign("."), tokens[index + 2].isName else {
        return nil
      }
      let (schema, table) = (tokens[index].text.lowercased(), tokens[index + 2].text.lowercased())
      guard let columns = catalog?.columns(of: table, in: schema) else { return nil }
      return Entry(
        schema: schema,
        table: table,
        label: Self.alias(after: index + 2, in: tokens) ?? table,
        columns: columns,
        position: index
      )
    }
  }

  private static func alias(after index: Int, in tokens: [SQLText.Token]) -> String? {
    var rest = tokens[(index + 1)...]
    if rest.first?.isWord("AS") == true { rest.removeFirst() }
    guard let next = rest.first, next.isName,
      next.kind == .quotedName || !endsOfName.contains(next.text)
    else { return nil }
    return next.text.lowercased()
  }

  // Words after a table's name that are no alias of it.
  private static let endsOfName: Set<String> = [
    "CROSS", "DEFAULT", "EXCEPT", "FETCH", "FOR", "FULL", "GROUP", "HAVING", "INNER", "INTERSECT",
    "JOIN", "LEFT", "LIMIT", "NATURAL", "OFFSET", "ON", "ORDER", "OVERRIDING", "RETURNING", "RIGHT",
    "SELECT", "SET", "UNION", "USING", "VALUES", "WHERE", "WINDOW",
  ]

  func isLabel(_ name: String) -> Bool { entries.contains { $0.label == name } }

  /// The columns that a name can stand for. A name without a table may be any table's.
  func columns(_ name: ColumnName) -> [(
    schema: String, table: String, column: GenerateRequest.Column
  )] {
    entries.filter { name.qualifier.isEmpty || $0.label == name.qualifier }.flatMap { entry in
      entry.columns.filter { $0.name == name.name }.map { (entry.schema, entry.table, $0) }
    }
  }
}
