import NIOCore

/// Reads RESP3 values out of a stream of bytes, in whatever pieces they come.
///
/// Values that have begun are kept in a stack, so that no byte of a large reply is looked at again
/// when more arrives.
struct RESPParser {
  /// The most aggregates inside each other. Redis's own replies have fewer than ten.
  static let maxDepth = 32
  /// The most bytes of a line: a header, a simple string or an error. Redis's error texts are below
  /// 1 KiB.
  static let maxLineLength = 64 << 10
  /// The most bytes of one string: Redis's default `proto-max-bulk-len`.
  static let maxBulkLength = 512 << 20
  /// The most elements of one aggregate: the largest count Redis takes in a command.
  static let maxElements = 1 << 20
  /// The most bytes of one whole value, so that no nesting of aggregates adds up to more memory
  /// than a bulk string may take.
  static let maxValueLength = maxBulkLength + (1 << 20)
  /// An aggregate reserves room for this many elements at most; a count is only a claim until the
  /// elements are there.
  private static let maxReserved = 1_024

  private var buffer = ByteBuffer()
  private var open: [Aggregate] = []
  /// The bytes that the value being read has taken so far.
  private var valueLength = 0

  /// Takes bytes that came from the server.
  mutating func append(_ bytes: ByteBuffer) {
    if buffer.readableBytes == 0 {
      buffer = bytes
    } else {
      buffer.discardReadBytes()
      buffer.writeImmutableBuffer(bytes)
    }
  }

  /// The next whole value, or nil until more bytes are there. After an error the stream can't be
  /// read on.
  mutating func next() throws(RESPParserError) -> RESPValue? {
    while let token = try readToken() {
      var finished: RESPValue
      switch token {
      case .value(let value):
        finished = value
      case .aggregate(let kind, let count):
        guard open.count < Self.maxDepth else { throw .tooDeep }
        if count > 0 {
          open.append(Aggregate(kind: kind, count: count, reserved: min(count, Self.maxReserved)))
          continue
        }
        guard let empty = Aggregate(kind: kind, count: 0, reserved: 0).value else { continue }
        finished = empty
      }
      if let value = place(&finished) {
        valueLength = 0
        return value
      }
    }
    // An empty buffer of ours would keep the channel from reusing its memory.
    if buffer.readableBytes == 0 { buffer = ByteBuffer() }
    return nil
  }

  /// Puts a finished value into the aggregate it belongs to, which may finish that one, and so on.
  /// Returns a value that belongs to none.
  private mutating func place(_ finished: inout RESPValue) -> RESPValue? {
    while let last = open.indices.last {
      open[last].elements.append(finished)
      guard open[last].elements.count == open[last].count else { return nil }
      // Attributes say something about the value that follows them, which nothing here needs.
      guard let value = open.removeLast().value else { return nil }
      finished = value
    }
    return finished
  }

  private mutating func readToken() throws(RESPParserError) -> Token? {
    let result = buffer.withUnsafeReadableBytes { Self.token(in: $0) }
    guard let (token, length) = try result.get() else {
      guard valueLength + buffer.readableBytes <= Self.maxValueLength else { throw .tooLong }
      return nil
    }
    valueLength += length
    guard valueLength <= Self.maxValueLength else { throw .tooLong }
    buffer.moveReaderIndex(forwardBy: length)
    return token
  }

  /// An array, map, set, push or attribute whose elements have not all come.
  private struct Aggregate {
    let kind: Kind
    let count: Int
    var elements: [RESPValue] = []

    init(kind: Kind, count: Int, reserved: Int) {
      self.kind = kind
      self.count = count
      elements.reserveCapacity(reserved)
    }

    /// The whole value, nil for an attribute.
    var value: RESPValue? {
      switch kind {
      case .array: .array(elements)
      case .set: .set(elements)
      case .push: .push(elements)
      case .map:
        .map(
          stride(from: 0, to: count, by: 2).map {
            .init(key: elements[$0], value: elements[$0 + 1])
          }
        )
      case .attribute: nil
      }
    }
  }

  /// The kinds of aggregate.
  enum Kind {
    case array, map, set, push, attribute
  }

  /// What one header line, with the bytes of its string, gives.
  enum Token {
    case value(RESPValue)
    /// The count is of values: a map of one pair has two.
    case aggregate(Kind, count: Int)
  }
}

/// Why bytes are not RESP3.
enum RESPParserError: Error, Hashable {
  case unknownType(UInt8)
  case malformedNumber
  case malformedLineEnd
  case malformedValue
  case tooDeep
  case tooLong
}
