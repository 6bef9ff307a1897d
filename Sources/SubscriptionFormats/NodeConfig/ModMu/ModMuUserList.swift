/// Writes the answer to mod_mu's `users` piece by piece, so that a long list never is in memory
/// whole.
///
/// Each user has the fields of every protocol: XrayR reads those that it needs. An empty list takes
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
    append("{\"ret\":1,\"data\":[", to: &output)
  }

  /// Writes the user that comes next.
  ///
  /// - Parameter aliveIPs: from how many addresses the user is online now, over all nodes. XrayR
  ///   lets in what the limit leaves.
  package mutating func append(_ user: NodeUser, aliveIPs: Int, to output: inout [UInt8]) {
    if !isEmpty { output.append(UInt8(ascii: ",")) }
    isEmpty = false
    let uuid = CredentialText.text(of: user.credential.uuid)
    append("{\"id\":", to: &output)
    append(number: user.id, to: &output)
    append(",\"uuid\":\"", to: &output)
    output.append(contentsOf: uuid)
    append("\",\"passwd\":\"", to: &output)
    output.append(contentsOf: uuid)
    output.append(contentsOf: tail)
    append(number: Int64(user.speedLimit), to: &output)
    append(",\"node_iplimit\":", to: &output)
    append(number: Int64(user.deviceLimit), to: &output)
    append(",\"alive_ip\":", to: &output)
    append(number: Int64(aliveIPs), to: &output)
    output.append(UInt8(ascii: "}"))
  }

  package func finish(_ output: inout [UInt8]) {
    append("]}", to: &output)
  }

  private func append(_ text: StaticString, to output: inout [UInt8]) {
    output.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    )
  }

  private func append(number: Int64, to output: inout [UInt8]) {
    output.append(contentsOf: String(number).utf8)
  }
}
