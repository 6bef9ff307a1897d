package import FieldViolations

/// What part of a list is asked for: how many rows, and after which one (keyset, never an offset).
package struct PageRequest: Sendable, Hashable {
  package let size: Int
  package let token: String

  /// More rows than this would make one answer slow and large.
  package static let largestSize = 200
  package static let usualSize = 50

  /// `size` 0 stands for the usual size; larger ones are cut to the largest.
  package init(size: Int = 0, token: String = "") throws(PageError) {
    guard size >= 0 else { throw .negativeSize }
    self.size = size == 0 ? Self.usualSize : min(size, Self.largestSize)
    self.token = token
  }

  /// The position that `token` names, or nil for the first page.
  package func cursor<Cursor: Decodable>(_ type: Cursor.Type = Cursor.self) throws(PageError)
    -> Cursor?
  {
    guard !token.isEmpty else { return nil }
    guard let bytes = [UInt8](base64URL: token),
      let cursor = try? JSON.decode(Cursor.self, from: bytes)
    else { throw .malformedToken }
    // PostgreSQL has no text with this character, so no list ends at one.
    if let text = cursor as? String, text.utf8.contains(0) { throw .malformedToken }
    return cursor
  }

  /// Why a page can't be given.
  package enum PageError: String, DomainError {
    case negativeSize, malformedToken

    package var kind: FailureKind { .invalidArgument }
    package var violations: [FieldViolation] {
      switch self {
      case .negativeSize: [FieldViolation("page_size", "must not be negative")]
      case .malformedToken:
        [
          FieldViolation(
            "page_token",
            "must be a next_page_token from the same list"
          )
        ]
      }
    }
  }
}

/// Some rows of a list, and where the next ones begin.
package struct Page<Item: Sendable>: Sendable {
  package let items: [Item]
  /// Empty on the last page.
  package let nextToken: String

  package init(items: [Item], nextToken: String) {
    self.items = items
    self.nextToken = nextToken
  }

  /// Cuts `rows` (one more than the page's size was asked for) to the page and makes the token of
  /// its last row.
  package init(_ rows: [Item], _ request: PageRequest, cursor: (Item) -> some Encodable) throws {
    items = Array(rows.prefix(request.size))
    if rows.count > request.size, let last = items.last {
      nextToken = try JSON.encode(cursor(last)).base64URL
    } else {
      nextToken = ""
    }
  }

  package func map<Other: Sendable>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
    Page<Other>(items: try items.map(transform), nextToken: nextToken)
  }
}
