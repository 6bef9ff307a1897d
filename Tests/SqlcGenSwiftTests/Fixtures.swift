import Foundation

@testable import sqlc_gen_swift

/// Requests as sqlc 1.31 writes them, in brief.
enum Fixtures {
  static func column(
    _ name: String,
    _ type: String,
    notNull: Bool = true,
    array: Int = 0,
    table: String? = "shop.gift_cards",
    originalName: String? = nil
  ) -> [String: Any] {
    let parts = type.split(separator: ".").map(String.init)
    var column: [String: Any] = [
      "name": name, "original_name": originalName ?? name, "not_null": notNull,
      "is_array": array > 0, "array_dims": array,
      "is_sqlc_slice": false, "embed_table": NSNull(), "table": NSNull(),
      "type": [
        "catalog": "", "schema": parts.count == 2 ? parts[0] : "", "name": parts.last ?? "",
      ],
    ]
    if let table {
      let parts = table.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      column["table"] = ["catalog": "", "schema": parts[0], "name": parts[1]]
    }
    return column
  }

  static func query(
    _ name: String,
    _ cmd: String,
    _ text: String,
    comments: [String] = [],
    columns: [[String: Any]] = [],
    parameters: [[String: Any]] = [],
    filename: String = "GiftCard.sql"
  ) -> [String: Any] {
    [
      "name": name, "cmd": cmd, "text": text, "filename": filename,
      "comments": comments.map { " \($0)" }, "columns": columns,
      "params": parameters.enumerated().map { ["number": $0 + 1, "column": $1] as [String: Any] },
    ]
  }

  static func request(
    _ queries: [[String: Any]],
    options: [String: Any] = ["module": "Shop"],
    global: [String: Any]? = nil
  ) throws
    -> GenerateRequest
  {
    let tables: [[String: Any]] = [
      [
        "rel": ["name": "gift_cards"],
        "columns": [
          column("id", "uuid"), column("value", "pg_catalog.int8"),
          column("expires_at", "timestamptz", notNull: false),
        ],
      ],
      [
        "rel": ["name": "notes"],
        "columns": [column("body", "text"), column("card_id", "uuid", notNull: false)],
      ],
    ]
    var object: [String: Any] = [
      "settings": ["version": "2", "queries": ["Entities"]],
      "catalog": ["schemas": [["name": "shop", "tables": tables]]],
      "queries": queries, "sqlc_version": "v1.31.1", "global_options": "",
      "plugin_options": try JSONSerialization.data(withJSONObject: options).base64EncodedString(),
    ]
    if let global {
      object["global_options"] = try JSONSerialization.data(withJSONObject: global)
        .base64EncodedString()
    }
    return try GenerateRequest(from: JSONSerialization.data(withJSONObject: object))
  }

  /// The Swift of each generated file, by name.
  static func generate(
    _ queries: [[String: Any]],
    options: [String: Any] = ["module": "Shop"],
    global: [String: Any]? = nil
  ) throws -> [String: String] {
    let response = try Generator(request: try request(queries, options: options, global: global))
      .generate()
    return Dictionary(
      uniqueKeysWithValues: response.files.map {
        ($0.name, String(decoding: $0.contents, as: UTF8.self))
      }
    )
  }

  /// The Swift of one statement's file.
  static func swift(_ query: [String: Any], options: [String: Any] = ["module": "Shop"]) throws
    -> String
  {
    try generate([query], options: options)["GiftCard+Queries.swift"] ?? ""
  }

  /// What the generator says of a query that it refuses; nil when it takes it.
  static func refusal(_ query: [String: Any], options: [String: Any] = ["module": "Shop"]) throws
    -> String?
  {
    do {
      _ = try generate([query], options: options)
      return nil
    } catch let error as GeneratorError {
      return error.description
    }
  }
}
