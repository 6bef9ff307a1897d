package import SubscriptionFormats

/// Writes the answer to UniProxy's `user` piece by piece, so that a long list is never completely
/// in memory.
///
/// Agents ignore an empty list or refuse to start with it, so the last user would never lose
/// access. An empty list therefore has a placeholder, whose credential nobody has.
package struct UniProxyUserList: Sendable {
  /// The id of the placeholder. Users' ids begin above a thousand, and reports about it are
  /// ignored.
  package static let placeholderID: Int64 = 1
  /// The bytes of one user, at most, with ids and limits of any size.
  package static let longestUser = 160

  private let placeholder: NodeUser
  private var isEmpty = true

  /// - Parameter placeholder: the placeholder's credential: secret, and always the same for a node,
  ///   so that an empty list keeps its bytes.
  package init(placeholder: Credential) {
    self.placeholder = NodeUser(
      id: Self.placeholderID,
      credential: placeholder,
      speedLimit: 0,
      deviceLimit: 0
    )
  }

  /// Writes the users that come next. Begin with `start`, end with `finish`.
  package mutating func append(_ users: some Sequence<NodeUser>, to output: inout [UInt8]) {
    for user in users { append(user, to: &output) }
  }

  package func start(_ output: inout [UInt8]) {
    output.append("{\"users\":[")
  }

  package mutating func finish(_ output: inout [UInt8]) {
    if isEmpty { append(placeholder, to: &output) }
    output.append("]}")
  }

  /// A whole list.
  package static func encode(_ users: some Collection<NodeUser>, placeholder: Credential) -> [UInt8]
  {
    var list = UniProxyUserList(placeholder: placeholder)
    var output: [UInt8] = []
    // What a user takes with ids and limits of a common size.
    output.reserveCapacity(32 + users.count * 112)
    list.start(&output)
    list.append(users, to: &output)
    list.finish(&output)
    return output
  }

  private mutating func append(_ user: NodeUser, to output: inout [UInt8]) {
    if !isEmpty { output.append(UInt8(ascii: ",")) }
    isEmpty = false
    output.append("{\"id\":")
    output.append(decimal: user.id)
    output.append(",\"uuid\":\"")
    output.append(user.credential.uuid)
    output.append("\",\"speed_limit\":")
    output.append(decimal: Int64(user.speedLimit))
    output.append(",\"device_limit\":")
    output.append(decimal: Int64(user.deviceLimit))
    output.append(UInt8(ascii: "}"))
  }
}
