/// What the comments of a statement say to the generator; the other lines are its documentation.
struct Annotations: Equatable {
  enum Context: String {
    case transaction, database
  }

  /// `-- context: transaction` or `-- context: database`: where it runs, instead of what its locks
  /// suggest.
  var context: Context?
  /// `-- pipelined`: may share a connection with other statements.
  var isPipelined = false
  /// `-- always one`: there is a row whenever it succeeds, so the output of `:one` is not optional.
  var isAlwaysOne = false
  /// `-- nullable: a, b`: columns that can be NULL though sqlc thinks they can't.
  var nullable: Set<String> = []
  /// `-- not null: a, b`: columns that can't be NULL though they look as if they could.
  var notNull: Set<String> = []
  /// `-- row: GiftCard`: the type whose `Row` it shares with other statements.
  var row: String?
  /// Everything else.
  var documentation: [String] = []

  init(_ comments: [String]) throws(GeneratorError) {
    for comment in comments {
      let line = comment.trimmed
      let parts = line.split(separator: ":", maxSplits: 1).map { String($0).trimmed }
      switch parts.first {
      case "pipelined" where parts.count == 1: isPipelined = true
      case "always one" where parts.count == 1: isAlwaysOne = true
      case "context" where parts.count == 2:
        guard let value = Context(rawValue: parts[1]) else {
          throw GeneratorError(
            "`context: \(parts[1])` is neither `context: transaction` nor `context: database`"
          )
        }
        context = value
      case "row" where parts.count == 2:
        guard SwiftName.isTypeName(parts[1]) else {
          throw GeneratorError("`row: \(parts[1])` does not name a Swift type")
        }
        row = parts[1]
      case "nullable" where parts.count == 2: nullable.formUnion(Self.list(parts[1]))
      case "not null" where parts.count == 2: notNull.formUnion(Self.list(parts[1]))
      default: documentation.append(line)
      }
    }
    while documentation.last?.isEmpty == true { documentation.removeLast() }
    while documentation.first?.isEmpty == true { documentation.removeFirst() }
  }

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { String($0).trimmed }
  }
}

extension String {
  var trimmed: String {
    let start = drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
