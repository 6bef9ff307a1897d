import Foundation

/// What sqlc hands to a plugin: the parsed queries of one `sql` block, in the JSON form of sqlc's
/// `plugin/codegen.proto`.
struct GenerateRequest: Decodable {
  var queries: [Query]
  var settings: Settings?
  var catalog: Catalog?
  /// The block's `options` in `sqlc.yaml`, as JSON.
  var pluginOptions: Data?
  /// `options.swift` at the top of `sqlc.yaml`, as JSON.
  var globalOptions: Data?

  init(from json: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(GenerateRequest.self, from: json)
  }

  struct Settings: Decodable {
    /// Folders or files of queries, relative to `sqlc.yaml`.
    var queries: [String]?
  }

  struct Query: Decodable {
    var name: String
    var cmd: String
    var text: String
    var filename: String
    var comments: [String]?
    var columns: [Column]?
    var params: [Parameter]?
  }

  struct Parameter: Decodable {
    var number: Int
    var column: Column
  }

  struct Column: Decodable {
    var name: String
    /// The column's own name where `name` is an alias or a parameter's name.
    var originalName: String?
    var notNull: Bool
    var isArray: Bool?
    var arrayDims: Int?
    var isSqlcSlice: Bool?
    /// Where the value comes from or goes to; absent for an expression.
    var table: Name?
    var type: Name?
    /// Set for `sqlc.embed`.
    var embedTable: Name?
  }

  /// The migrated schema, as sqlc understands it.
  struct Catalog: Decodable {
    var schemas: [Schema]?

    struct Schema: Decodable {
      var name: String
      var tables: [Table]?
    }

    struct Table: Decodable {
      var rel: Name?
      var columns: [Column]?
    }

    /// The columns of a table; nil if there is none of that name.
    func columns(of table: String, in schema: String) -> [Column]? {
      schemas?.first { $0.name == schema }?.tables?.first { $0.rel?.name == table }
        .map { $0.columns ?? [] }
    }

    /// Names of the columns that `isIncluded`, in upper case; of our own tables, not the system's.
    func columnNames(where isIncluded: (Column) -> Bool) -> Set<String> {
      let own = (schemas ?? []).filter {
        $0.name != "pg_catalog" && $0.name != "information_schema"
      }
      let columns = own.flatMap { $0.tables ?? [] }.flatMap { $0.columns ?? [] }
      return Set(columns.filter(isIncluded).map { $0.name.uppercased() })
    }
  }

  struct Name: Decodable {
    var schema: String?
    var name: String
  }
}

/// What a plugin answers with.
struct GenerateResponse: Encodable {
  var files: [File]

  struct File: Encodable, Equatable {
    var name: String
    var contents: Data
  }
}
