import AgentProtocols
import Platform
import SubscriptionFormats

/// A user list in the dialect of one kind of agent. It is written in pieces, each when the previous
/// one has been taken.
struct NodeUserDocument: Sendable {
  enum Dialect: Sendable {
    /// - Parameter placeholder: stands in an empty list.
    case uniProxy(NodeUserEncoding, placeholder: Credential)
    /// - Parameter alive: from how many addresses each user is online.
    case modMu(NodeServerSettings, alive: [Int32: Int])
  }

  let users: NodeUserList
  let dialect: Dialect

  var contentType: String {
    switch dialect {
    case .uniProxy(let encoding, _): encoding.contentType
    case .modMu: NodeUserEncoding.json.contentType
    }
  }

  /// Whether it fits into one piece, and is no longer than any other answer.
  var isShort: Bool { users.chunks.count <= 1 }

  /// All of it.
  var bytes: [UInt8] { pieces.reduce(into: []) { $0 += $1 } }

  var pieces: Pieces { Pieces(self) }

  /// The encoded chunks of users, each made when it is asked for.
  struct Pieces: Sequence, IteratorProtocol {
    private enum Encoder {
      case json(UniProxyUserList)
      case messagePack(placeholder: Credential)
      case modMu(ModMuUserList, alive: [Int32: Int])
    }

    private let users: NodeUserList
    private var encoder: Encoder
    private var index = 0
    private var isAtEnd = false

    fileprivate init(_ document: NodeUserDocument) {
      users = document.users
      encoder =
        switch document.dialect {
        case .uniProxy(.json, let placeholder): .json(UniProxyUserList(placeholder: placeholder))
        case .uniProxy(.messagePack, let placeholder): .messagePack(placeholder: placeholder)
        case .modMu(let settings, let alive):
          .modMu(ModMuUserList(settings: settings), alive: alive)
        }
    }

    mutating func next() -> [UInt8]? {
      guard !isAtEnd else { return nil }
      let chunk = index < users.chunks.count ? users.chunks[index] : []
      let isFirst = index == 0
      index += 1
      isAtEnd = index >= users.chunks.count
      var output: [UInt8] = []
      switch encoder {
      case .json(var list):
        output.reserveCapacity(Self.rest + chunk.count * Self.usualUser)
        if isFirst { list.start(&output) }
        list.append(chunk, to: &output)
        if isAtEnd { list.finish(&output) }
        encoder = .json(list)
      case .messagePack(let placeholder):
        output.reserveCapacity(Self.rest + chunk.count * Self.usualUser)
        if isFirst { MessagePackUserList.start(&output, count: Swift.max(1, users.count)) }
        for user in chunk { MessagePackUserList.append(user, to: &output) }
        if users.count == 0 {
          let nobody = NodeUser(
            id: UniProxyUserList.placeholderID,
            credential: placeholder,
            speedLimit: 0,
            deviceLimit: 0
          )
          MessagePackUserList.append(nobody, to: &output)
        }
      case .modMu(var list, let alive):
        output.reserveCapacity(Self.rest + chunk.count * ModMuUserList.longestUser)
        if isFirst { list.start(&output) }
        for user in chunk {
          list.append(user, aliveIPs: alive[Int32(clamping: user.id)] ?? 0, to: &output)
        }
        if isAtEnd { list.finish(&output) }
        encoder = .modMu(list, alive: alive)
      }
      return output
    }

    /// What a user takes in UniProxy with ids and limits of a common size, and what stands around
    /// the users.
    private static let usualUser = 112
    private static let rest = 64
  }
}

/// An agent's user list, or the fact that the agent already has it.
enum NodeUserAnswer: Sendable {
  case unchanged(EntityTag)
  case changed(EntityTag, NodeUserDocument)

  var tag: EntityTag {
    switch self {
    case .unchanged(let tag), .changed(let tag, _): tag
    }
  }
}
