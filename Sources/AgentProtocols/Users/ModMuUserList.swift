import SubscriptionFormats

/// Writes the answer to mod_mu's `users` piece by piece, so that a long list is never completely in
/// memory.
///
/// Each user has the fields of every protocol: XrayR reads those that it needs. An empty list ends
/// everybody's access, as it should.
package struct ModMuUserList: Sendable {
  /// The bytes of one user, at most, with ids and limits of any size.
  package static let longestUser = 320

  private let tail: [UInt8]
  private var isEmpty = true

  /// - Parameter settings: those of the node whose users these are.
  package init(settings: NodeServerSettings) {
    let method = if case .shadowsocks(let server) = settings { server.cipher.rawValue } else { "" }
    tail = Array(
      "\",\"method\":\"\(method)\",\"port\":\(settings.inbound.listener.port),\"node_speedlimit\":"
        .utf8
    )
  }

  package func start(_ output: inout [UInt8]) {
    output.append("{\"ret\":1,\"data\":[")
  }

  /// Writes the user that comes next.
  ///
  /// - Parameter aliveIPs: from how many addresses the user is online now, over all nodes. XrayR
  ///   lets in what the limit leaves.
  package mutating func append(_ user: NodeUser, aliveIPs: Int, to output: inout [UInt8]) {
    if !isEmpty { output.append(UInt8(ascii: ",")) }
    isEmpty = false
    output.append("{\"id\":")
    output.append(decimal: user.id)
    output.append(",\"uuid\":\"")
    output.append(user.credential.uuid)
    output.append("\",\"passwd\":\"")
    output.append(user.credential.uuid)
    output.append(contentsOf: tail)
    output.append(decimal: Int64(user.speedLimit))
    output.append(",\"node_iplimit\":")
    output.append(decimal: Int64(user.deviceLimit))
    output.append(",\"alive_ip\":")
    output.append(decimal: Int64(aliveIPs))
    output.append(UInt8(ascii: "}"))
  }

  package func finish(_ output: inout [UInt8]) {
    output.append("]}")
  }
}
