/// One statement, ready to be written as Swift.
struct StatementModel: Equatable {
  struct Field: Equatable {
    let name: String
    let type: SwiftType

    var declaration: String { "let \(SwiftName.escaped(name)): \(type.spelling)" }
  }

  enum Cardinality: String {
    case one = ":one"
    case many = ":many"
    case exec = ":exec"
    case execRows = ":execrows"
  }

  /// The type that it is nested in: `GiftCard` of `GiftCard.Lock`.
  let entity: String
  /// `Lock` of `GiftCard.Lock`.
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
  /// The type whose `Row` it shares with other statements.
  let sharedRow: String?

  /// As in the `.sql` file.
  var queryName: String { "\(entity)_\(name)" }
  /// As in Swift.
  var path: String { "\(entity).\(name)" }

  /// Throws what an author has to mend.
  init(_ query: GenerateRequest.Query, catalog: GenerateRequest.Catalog? = nil, options: Options)
    throws(GeneratorError)
  {
    let names = query.name.split(separator: "_", omittingEmptySubsequences: false)
    guard names.count == 2, names.allSatisfy(SwiftName.isTypeName) else {
      throw GeneratorError(
        "the name must be that of a Swift type and of what is done with it: `GiftCard_Lock` becomes `GiftCard.Lock`"
      )
    }
    guard let cardinality = Cardinality(rawValue: query.cmd) else {
      throw GeneratorError(
        "\(query.cmd) is not supported, only :one, :many, :exec and :execrows; for many rows pass arrays: `unnest(@ids::uuid[])`"
      )
    }
    let annotations = try Annotations(query.comments ?? [])
    let text = SQLText(query.text)
    entity = String(names[0])
    name = String(names[1])
    filename = query.filename
    documentation = annotations.documentation
    context = annotations.context ?? (text.isLocking ? .transaction : .database)
    isPipelined = annotations.isPipelined
    isAlwaysOne = annotations.isAlwaysOne
    self.cardinality = cardinality
    sql = query.text
    sharedRow = annotations.row
    parameters = try Self.parameters(
      of: query,
      ParameterTypes(text, catalog: catalog, options: options),
      options: options
    )
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
    guard sharedRow == nil || !columns.isEmpty else {
      throw GeneratorError("`row:` is for :one and :many")
    }
    guard !isAlwaysOne || cardinality == .one else {
      throw GeneratorError("`always one` is for :one")
    }
  }

  private static func parameters(
    of query: GenerateRequest.Query,
    _ types: ParameterTypes,
    options: Options
  ) throws(GeneratorError) -> [Field] {
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
          override: options.type(
            of: column,
            in: query.name,
            inferred: try types.type(of: parameter)
          ),
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
        let override = try options.type(of: column, in: query.name)
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
        "it can't be the name of a Swift property: give it another name with AS or @name"
      )
    }
    guard !fields.contains(where: { $0.name == camel }) else {
      throw GeneratorError(
        "there is already a `\(camel)`: give one of them another name with AS or @name"
      )
    }
    return camel
  }
}
