/// The Swift type of a column or a parameter.
struct SwiftType: Equatable {
  /// Without `?`: `Int64`, `[String]`, `Identifier<GiftCard>`.
  let base: String
  let isOptional: Bool
  /// Whether the column holds it as a JSON document.
  let isJSON: Bool

  /// As it is written in a declaration.
  var spelling: String { isOptional ? "\(base)?" : base }

  /// What the driver reads and writes.
  var stored: String { isJSON ? "PostgresJSON" : base }

  /// Throws when no Swift type holds the column's values exactly.
  init(_ column: GenerateRequest.Column, override: String?, isOptional: Bool) throws(GeneratorError)
  {
    let dimensions = column.isArray == true ? max(1, column.arrayDims ?? 1) : 0
    guard dimensions <= 1 else {
      throw GeneratorError("arrays of \(dimensions) dimensions are not supported")
    }
    let element = if let override { override } else { try Self.element(column) }
    guard dimensions == 0 || element != "[UInt8]" else {
      throw GeneratorError(
        "arrays of bytea are not supported; pass hex text and `decode(unnest(…), 'hex')`, or one row at a time"
      )
    }
    let document = Self.document(element)
    guard document == nil || (dimensions == 0 && column.type?.name == "jsonb") else {
      throw GeneratorError("\(element) is for a column of jsonb")
    }
    base = document ?? (dimensions == 1 ? "[\(element)]" : element)
    isJSON = document != nil
    self.isOptional = isOptional
  }

  /// What stands in `JSON<…>`.
  private static func document(_ type: String) -> String? {
    guard type.hasPrefix("JSON<"), type.hasSuffix(">") else { return nil }
    return String(type.dropFirst("JSON<".count).dropLast())
  }

  private static func element(_ column: GenerateRequest.Column) throws(GeneratorError) -> String {
    var schema = column.type?.schema ?? ""
    var type = column.type?.name ?? ""
    // sqlc gives the schema in either place.
    if schema.isEmpty, let dot = type.firstIndex(of: ".") {
      schema = String(type[..<dot])
      type = String(type[type.index(after: dot)...])
    }
    guard schema.isEmpty || schema == "pg_catalog" else {
      throw GeneratorError(
        "\(schema).\(type) is a custom type: name its Swift type under `types` in sqlc.yaml"
      )
    }
    switch type {
    case "uuid": return "UUID"
    case "timestamptz", "timestamp with time zone": return "Instant"
    case "bytea": return "[UInt8]"
    case "int2", "smallint", "smallserial": return "Int16"
    case "int4", "int", "integer", "serial": return "Int32"
    case "int8", "bigint", "bigserial": return "Int64"
    case "text", "varchar", "character varying": return "String"
    case "bool", "boolean": return "Bool"
    case "float8", "double precision": return "Double"
    case "jsonb": return "PostgresJSON"
    case "numeric", "decimal":
      throw GeneratorError(
        "numeric has no exact counterpart here: store minor units as bigint, or cast, as in `sum(value)::bigint`"
      )
    case "timestamp", "timestamp without time zone":
      throw GeneratorError("timestamp without time zone is not a point in time: use timestamptz")
    case "json":
      throw GeneratorError("use jsonb instead of json")
    case "", "any", "anyarray", "anyelement", "unknown", "record":
      throw GeneratorError("its type is not known: cast it, as in `(…)::bigint`")
    default:
      throw GeneratorError(
        "\(type) has no Swift type: cast it in the statement, or name one under `types` in sqlc.yaml"
      )
    }
  }
}
