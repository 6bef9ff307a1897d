/// The task that waits for a command's reply, or for the replies of several.
enum Waiter: Sendable {
  case one(UnsafeContinuation<RESPValue, any Error>)
  case several(UnsafeContinuation<[RESPValue], any Error>)

  func succeed(_ reply: CommandReply) {
    switch (self, reply) {
    case (.one(let continuation), .one(let value)): continuation.resume(returning: value)
    case (.several(let continuation), .several(let values)): continuation.resume(returning: values)
    case (.one(let continuation), .several(let values)):
      continuation.resume(returning: .array(values))
    case (.several(let continuation), .one(let value)): continuation.resume(returning: [value])
    }
  }

  func fail(_ error: any Error) {
    switch self {
    case .one(let continuation): continuation.resume(throwing: error)
    case .several(let continuation): continuation.resume(throwing: error)
    }
  }
}

/// What a command, or several sent as one, was answered with.
enum CommandReply: Hashable {
  case one(RESPValue)
  case several([RESPValue])

  /// How many of the replies are errors.
  var errorCount: Int {
    switch self {
    case .one(.error): 1
    case .one: 0
    case .several(let values): values.count { if case .error = $0 { true } else { false } }
    }
  }
}
