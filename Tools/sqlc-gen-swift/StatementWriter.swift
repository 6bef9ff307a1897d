/// Writes statements as Swift.
struct StatementWriter {
  /// The longest line that the style guide allows.
  static let width = 140

  let model: StatementModel

  var text: String {
    var lines: [String] = documentation
    lines.append("struct \(model.name): Statement {")
    lines.append(
      "  typealias Context = \(model.context == .transaction ? "Transaction" : "DatabaseProcessor")"
    )
    lines.append("  typealias Output = \(output)")
    lines.append("")
    lines += sql
    if model.isPipelined { lines.append("  static let isPipelined = true") }
    if !model.parameters.isEmpty {
      lines.append("")
      lines += model.parameters.map(property).map { "  \($0)" }
    }
    lines.append("")
    lines += bind
    if hasRow {
      lines.append("")
      lines.append("  struct Row: Sendable, Equatable {")
      lines += model.columns.map(property).map { "    \($0)" }
      lines.append("  }")
    }
    if let decode {
      lines.append("")
      lines.append("  static func decode(_ rows: PostgresRows) throws -> \(output) {")
      lines += decode.map { "    \($0)" }
      lines.append("  }")
    }
    lines.append("}")
    if hasRow { lines += rowInitializer }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One column is its plain value. A single column that can be NULL keeps its row, for `T??` can't
  /// be read at a glance.
  private var hasRow: Bool {
    switch model.cardinality {
    case .exec, .execRows: false
    case .many: model.columns.count > 1
    case .one: model.columns.count > 1 || (model.columns[0].type.isOptional && !model.isAlwaysOne)
    }
  }

  private var element: String { hasRow ? "Row" : model.columns[0].type.spelling }

  private var output: String {
    switch model.cardinality {
    case .exec: "Void"
    case .execRows: "Int"
    case .many: "[\(element)]"
    case .one: model.isAlwaysOne ? element : "\(element)?"
    }
  }

  private var documentation: [String] {
    model.documentation.map { $0.isEmpty ? "///" : "/// \($0)" }
  }

  private func property(_ field: StatementModel.Field) -> String {
    "let \(SwiftName.escaped(field.name)): \(field.type.spelling)"
  }

  private var bind: [String] {
    guard !model.parameters.isEmpty else {
      return ["  func bind(to bindings: inout PostgresBindings) {}"]
    }
    return ["  func bind(to bindings: inout PostgresBindings) {"]
      + model.parameters.map {
        "    bindings.append(\($0.name == "bindings" ? "self.bindings" : SwiftName.escaped($0.name)))"
      } + ["  }"]
  }

  private var decode: [String]? {
    let value = hasRow ? "try Row($0)" : "try $0.decode(0)"
    switch model.cardinality {
    case .exec: return nil
    case .execRows: return ["rows.affected"]
    case .many: return ["try rows.map { \(value) }"]
    case .one where model.isAlwaysOne:
      return [
        "guard let row = rows.first else { throw CorruptRow(statement: \"\(model.name)\", cause: \"no row\") }",
        hasRow ? "return try Row(row)" : "return try row.decode(0)",
      ]
    case .one: return ["try rows.first.map { \(value) }"]
    }
  }

  private var rowInitializer: [String] {
    var lines = [
      "", "extension \(model.name).Row {", "  fileprivate init(_ row: PostgresRow) throws {",
    ]
    for (index, field) in model.columns.enumerated() {
      lines.append(
        "    \(field.name == "row" ? "self.row" : SwiftName.escaped(field.name)) = try row.decode(\(index))"
      )
    }
    return lines + ["  }", "}"]
  }

  private var sql: [String] {
    let start = "  static let sql = \""
    let escaped = SQLText(model.sql).lines(width: Self.width - 4).map {
      $0.replacing("\\", with: "\\\\")
    }
    if escaped.count == 1 {
      let line = escaped[0].replacing("\"", with: "\\\"")
      if !line.contains("\n"), start.count + line.count + 1 <= Self.width {
        return ["\(start)\(line)\""]
      }
    }
    let body = escaped.joined(separator: "\n").replacing("\"\"\"", with: "\\\"\\\"\\\"")
    return ["\(start)\"\""]
      + body.split(separator: "\n", omittingEmptySubsequences: false).map {
        $0.isEmpty ? "" : "    \($0)"
      } + [
        "    \"\"\""
      ]
  }
}
