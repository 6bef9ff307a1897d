/// The `Row` of an entity, which several statements have in common.
struct SharedRow: Equatable {
  let entity: String
  let columns: [StatementModel.Field]
  /// The `.sql` file of the first statement that has it, whose Swift declares it.
  let filename: String

  /// Throws where two statements disagree about a row.
  ///
  /// - Parameter place: where a statement stands, for the error.
  static func all(
    of models: [StatementModel],
    place: (StatementModel) -> String
  ) throws(GeneratorError) -> [SharedRow] {
    var rows: [SharedRow] = []
    var firsts: [String: StatementModel] = [:]
    for model in models {
      guard let entity = model.sharedRow else { continue }
      guard let first = firsts[entity] else {
        firsts[entity] = model
        rows.append(SharedRow(entity: entity, columns: model.columns, filename: model.filename))
        continue
      }
      if let difference = difference(model.columns, first.columns) {
        throw GeneratorError(
          "\(place(model)): \(model.queryName): its columns are not those of `\(entity).Row` in \(first.queryName) (\(place(first))): \(difference)"
        )
      }
    }
    return rows
  }

  private static func difference(
    _ columns: [StatementModel.Field],
    _ others: [StatementModel.Field]
  ) -> String? {
    for (index, (column, other)) in zip(columns, others).enumerated() where column != other {
      return
        "column \(index + 1) is `\(column.name): \(column.type.spelling)`, not `\(other.name): \(other.type.spelling)`"
    }
    return columns.count == others.count ? nil : "\(columns.count) columns, not \(others.count)"
  }
}

/// Writes the declaration of a row, and how it is read.
struct RowWriter {
  let columns: [StatementModel.Field]

  /// `struct Row`, at the margin.
  var declaration: [String] {
    ["struct Row: Sendable, Equatable {"] + columns.map { "  \($0.declaration)" } + ["}"]
  }

  /// The initialiser from a row of the driver, which stands in an extension so that the memberwise
  /// one stays.
  func initializer(of type: String, isShared: Bool) -> [String] {
    var lines = [
      "extension \(type) {",
      isShared
        ? "  init(_ row: PostgresRow) throws {" : "  fileprivate init(_ row: PostgresRow) throws {",
    ]
    for (index, field) in columns.enumerated() {
      let name = field.name == "row" ? "self.row" : SwiftName.escaped(field.name)
      lines.append("    \(name) = try row.\(Self.read(index, field.type))")
    }
    return lines + ["  }", "}"]
  }

  /// The call of `PostgresRow` that reads a column.
  static func read(_ index: Int, _ type: SwiftType) -> String {
    switch (type.isJSON, type.isOptional) {
    case (false, _): "decode(\(index))"
    case (true, false): "decodeJSON(\(index))"
    case (true, true): "decodeJSONIfPresent(\(index))"
    }
  }
}
