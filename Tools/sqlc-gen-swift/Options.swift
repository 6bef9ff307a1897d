import Foundation

/// What `sqlc.yaml` says about the Swift to generate.
struct Options {
  /// The Swift module that the statements are part of.
  var module = ""
  /// Modules to import for the types named in `types`, beside Platform and Postgres.
  var imports: [String] = []
  private var types: [String: String] = [:]
  private var commonTypes: [String: String] = [:]

  init(
    module: String = "",
    types: [String: String] = [:],
    commonTypes: [String: String] = [:],
    imports: [String] = []
  ) {
    self.module = module
    self.types = types
    self.commonTypes = commonTypes
    self.imports = imports
  }

  init(plugin: Data?, global: Data?) throws {
    let plugin = try Self.parse(plugin, named: "codegen.options")
    let global = try Self.parse(global, named: "options.swift")
    guard let module = plugin.module, !module.isEmpty else {
      throw GeneratorError(
        "sqlc.yaml: codegen.options of the swift plugin lacks `module: <Swift module>`"
      )
    }
    self.init(
      module: module,
      types: plugin.types ?? [:],
      commonTypes: global.types ?? [:],
      imports: (plugin.imports ?? []) + (global.imports ?? [])
    )
  }

  /// The Swift type that is set for `column` of the statement `query`; the most particular entry
  /// wins.
  ///
  /// Keys are `Query.column`, `schema.table.column` or `*.column`. For an array the entry is the
  /// type of its elements.
  ///
  /// - Parameter inferred: what the statement itself tells, where no entry names the column.
  func type(
    of column: GenerateRequest.Column,
    in query: String,
    inferred: @autoclosure () throws(GeneratorError) -> String? = nil
  ) throws(GeneratorError) -> String? {
    var named = ["\(query).\(column.name)"]
    let ownName = column.originalName.flatMap { $0.isEmpty ? nil : $0 }
    if let table = column.table {
      named.append("\(table.schema ?? "").\(table.name).\(ownName ?? column.name)")
    }
    let byName =
      ["*.\(column.name)"] + (column.table == nil ? [] : ownName.map { ["*.\($0)"] } ?? [])
    if let type = Self.first(of: named, in: types) { return type }
    if let type = try inferred() { return type }
    return Self.first(of: byName, in: types) ?? Self.first(of: named + byName, in: commonTypes)
  }

  /// The Swift type of a table's column.
  func type(ofColumn column: String, of table: String, in schema: String) -> String? {
    let keys = ["\(schema).\(table).\(column)", "*.\(column)"]
    return Self.first(of: keys, in: types) ?? Self.first(of: keys, in: commonTypes)
  }

  private static func first(of keys: [String], in types: [String: String]) -> String? {
    keys.lazy.compactMap { types[$0] }.first
  }

  private struct Document: Decodable {
    var module: String?
    var types: [String: String]?
    var imports: [String]?
  }

  private static let knownKeys: Set<String> = ["module", "types", "imports"]

  private static func parse(_ json: Data?, named name: String) throws -> Document {
    guard let json, !json.isEmpty else { return Document() }
    do {
      let keys = try JSONDecoder().decode([String: Ignored].self, from: json).keys
      if let unknown = keys.filter({ !knownKeys.contains($0) }).min() {
        throw GeneratorError(
          "sqlc.yaml: \(name) has an unknown key `\(unknown)`; known are \(knownKeys.sorted().joined(separator: ", "))"
        )
      }
      return try JSONDecoder().decode(Document.self, from: json)
    } catch let error as DecodingError {
      throw GeneratorError("sqlc.yaml: \(name) can't be read: \(error)")
    }
  }

  private struct Ignored: Decodable {
    init(from decoder: any Decoder) throws {}
  }
}
