/// Writes statements as Swift.
struct StatementWriter {
  /// The longest line that the style guide allows.
  static let width = 100

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
      lines += model.parameters.map { "  \($0.declaration)" }
    }
    lines.append("")
    lines += bind
    if hasRow, model.sharedRow == nil {
      lines.append("")
      lines += RowWriter(columns: model.columns).declaration.map { "  \($0)" }
    }
    if let decode {
      lines.append("")
      lines.append("  static func decode(_ rows: PostgresRows) throws -> \(output) {")
      lines += decode.map { "    \($0)" }
      lines.append("  }")
    }
    lines.append("}")
    var file = ["extension \(model.entity) {"] + lines.map { $0.isEmpty ? "" : "  \($0)" } + ["}"]
    if hasRow, model.sharedRow == nil {
      file.append("")
      file += RowWriter(columns: model.columns).initializer(
        of: "\(model.path).Row",
        isShared: false
      )
    }
    return file.joined(separator: "\n") + "\n"
  }

  /// One column is its plain value. A single column that can be NULL keeps its row, for `T??` can't
  /// be read at a glance.
  private var hasRow: Bool {
    switch model.cardinality {
    case .exec, .execRows: false
    case .many: model.columns.count > 1 || model.sharedRow != nil
    case .one:
      model.columns.count > 1 || model.sharedRow != nil
        || (model.columns[0].type.isOptional && !model.isAlwaysOne)
    }
  }

  private var element: String {
    guard hasRow else { return model.columns[0].type.spelling }
    return model.sharedRow.map { "\($0).Row" } ?? "Row"
  }

  private var output: String {
    switch model.cardinality {
    case .exec: "Void"
    case .execRows: "Int"
    case .many: "[\(element)]"
    case .one: model.isAlwaysOne ? element : "\(element)?"
    }
  }

  /// Paragraphs are filled anew, for the lines of the `.sql` file begin further left.
  private var documentation: [String] {
    var lines: [String] = []
    for comment in model.documentation {
      guard let last = lines.last, !last.isEmpty, !comment.isEmpty, !comment.hasPrefix("- ") else {
        lines.append(comment)
        continue
      }
      lines[lines.count - 1] = "\(last) \(comment)"
    }
    return lines.flatMap { paragraph in
      paragraph.isEmpty
        ? ["///"] : SQLText.Layout.filled(paragraph, width: Self.width - 6).map { "/// \($0)" }
    }
  }

  private var bind: [String] {
    guard !model.parameters.isEmpty else {
      return ["  func bind(to bindings: inout PostgresBindings) {}"]
    }
    let hasJSON = model.parameters.contains { $0.type.isJSON }
    return ["  func bind(to bindings: inout PostgresBindings) \(hasJSON ? "throws " : ""){"]
      + model.parameters.map { field in
        let name = field.name == "bindings" ? "self.bindings" : SwiftName.escaped(field.name)
        return field.type.isJSON
          ? "    try bindings.appendJSON(\(name))" : "    bindings.append(\(name))"
      } + ["  }"]
  }

  private var decode: [String]? {
    let read = model.columns.first.map { RowWriter.read(0, $0.type) } ?? ""
    let value = hasRow ? "try \(element)($0)" : "try $0.\(read)"
    switch model.cardinality {
    case .exec: return nil
    case .execRows: return ["rows.affected"]
    case .many: return ["try rows.map { \(value) }"]
    case .one where model.isAlwaysOne:
      return [
        "guard let row = rows.first else {",
        "  throw CorruptRow(statement: \"\(model.path)\", cause: \"no row\")",
        "}",
        hasRow ? "return try \(element)(row)" : "return try row.\(read)",
      ]
    case .one: return ["try rows.first.map { \(value) }"]
    }
  }

  private var sql: [String] {
    let start = "  static let sql = \""
    let escaped = SQLText(model.sql).lines(width: Self.width - 6).map {
      $0.replacing("\\", with: "\\\\")
    }
    if escaped.count == 1 {
      let line = escaped[0].replacing("\"", with: "\\\"")
      if !line.contains("\n"), start.count + line.count + 3 <= Self.width {
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
