/// One statement, ready to be written as Swift.
struct StatementModel: Equatable {
  struct Field: Equatable {
    let name: String
    let type: SwiftType
  }

  enum Cardinality: String {
    case one = ":one"
    case many = ":many"
    case exec = ":exec"
    case execRows = ":execrows"
  }

  let name: String
  let filename: String
  let documentation: [String]
  let context: Annotations.Context
  let isPipelined: Bool
  let isAlwaysOne: Bool
  let cardinality: Cardinality
  let sql: String
  let parameters: [Field]
  /// Empty for `:exec` and `:execrows`.
  let columns: [Field]

  /// Throws what an author has to mend.
  init(_ query: GenerateRequest.Query, catalog: GenerateRequest.Catalog? = nil, options: Options)
    throws(GeneratorError)
  {
    guard let first = query.name.first, first.isUppercase, SwiftName.isIdentifier(query.name) else {
      throw GeneratorError("the name must be that of a Swift type, such as `LockGiftCard`")
    }
    guard let cardinality = Cardinality(rawValue: query.cmd) else {
      throw GeneratorError(
        "\(query.cmd) is not supported, only :one, :many, :exec and :execrows; for many rows pass arrays: `unnest(@ids::uuid[])`"
      )
    }
    let annotations = try Annotations(query.comments ?? [])
    let text = SQLText(query.text)
    name = query.name
    filename = query.filename
    documentation = annotations.documentation
    context = annotations.context ?? (text.isLocking ? .transaction : .database)
    isPipelined = annotations.isPipelined
    isAlwaysOne = annotations.isAlwaysOne
    self.cardinality = cardinality
    sql = query.text
    parameters = try Self.parameters(of: query, options: options)
    columns =
      cardinality == .one || cardinality == .many
      ? try Self.columns(
        of: query,
        annotations,
        ResultChecks(query, text, catalog: catalog),
        options: options
      ) : []

    guard !isPipelined || context == .database else {
      throw GeneratorError("a statement that locks or needs a transaction can't be pipelined")
    }
    guard !isAlwaysOne || cardinality == .one else {
      throw GeneratorError("`always one` is for :one")
    }
  }

  private static func parameters(of query: GenerateRequest.Query, options: Options)
    throws(GeneratorError) -> [Field]
  {
    var fields: [Field] = []
    for parameter in (query.params ?? []).sorted(by: { $0.number < $1.number }) {
      let column = parameter.column
      do {
        guard parameter.number == fields.count + 1 else {
          throw GeneratorError("sqlc skipped a number before it")
        }
        guard column.isSqlcSlice != true else {
          throw GeneratorError("sqlc.slice is not for PostgreSQL: use `= ANY(@ids::uuid[])`")
        }
        let type = try SwiftType(
          column,
          override: options.type(of: column, in: query.name),
          isOptional: !column.notNull
        )
        fields.append(Field(name: try fieldName(column.name, among: fields), type: type))
      } catch {
        throw GeneratorError("parameter $\(parameter.number) `\(column.name)`: \(error)")
      }
    }
    return fields
  }

  private static func columns(
    of query: GenerateRequest.Query,
    _ annotations: Annotations,
    _ checks: ResultChecks,
    options: Options
  ) throws(GeneratorError) -> [Field] {
    var fields: [Field] = []
    for (index, column) in (query.columns ?? []).enumerated() {
      do {
        guard column.embedTable == nil else {
          throw GeneratorError("sqlc.embed is not supported: list the columns")
        }
        guard !column.name.isEmpty, column.name != "?column?" else {
          throw GeneratorError("give it a name with AS")
        }
        let isOptional =
          annotations.nullable.contains(column.name)
          || (!column.notNull && !annotations.notNull.contains(column.name))
        let override = options.type(of: column, in: query.name)
        let type = try SwiftType(column, override: override, isOptional: isOptional)
        if override == nil, let problem = checks.typeProblem(of: column, at: index) {
          throw GeneratorError(problem)
        }
        let isSaid =
          annotations.nullable.contains(column.name) || annotations.notNull.contains(column.name)
        if !isSaid, let problem = checks.nullProblem(of: column, at: index) {
          throw GeneratorError(problem)
        }
        fields.append(Field(name: try fieldName(column.name, among: fields), type: type))
      } catch {
        throw GeneratorError("column \(index + 1) `\(column.name)`: \(error)")
      }
    }
    guard !fields.isEmpty else {
      throw GeneratorError("it returns no columns: use :exec or :execrows")
    }
    let names = Set((query.columns ?? []).map(\.name))
    if let unknown = annotations.nullable.union(annotations.notNull).subtracting(names).min() {
      throw GeneratorError(
        "`nullable:` or `not null:` names `\(unknown)`, which is not a column of the result"
      )
    }
    return fields
  }

  private static func fieldName(_ name: String, among fields: [Field]) throws(GeneratorError)
    -> String
  {
    let camel = SwiftName.lowerCamel(name)
    guard SwiftName.isIdentifier(camel) else {
      throw GeneratorError(
        "it can't be the name of a Swift property: give it another with AS or @name"
      )
    }
    guard !fields.contains(where: { $0.name == camel }) else {
      throw GeneratorError(
        "there is a `\(camel)` already: give one of them another name with AS or @name"
      )
    }
    return camel
  }
}
