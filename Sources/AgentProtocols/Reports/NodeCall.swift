import FoundationEssentials

/// What Xboard-Node posts: one object with its credentials, and with a report's parts.
package struct NodeCall: Hashable, Sendable {
  /// The JSON of each member.
  private let members: [String: [UInt8]]

  /// Reads an object, or nothing at all: then the credentials are in the query. Throws where the
  /// body is neither.
  package init(body: [UInt8]) throws(MalformedReport) {
    var members: [String: [UInt8]] = [:]
    var scanner = JSONScanner(body)
    do throws(JSONScanner.Failure) {
      if !body.isEmpty {
        try scanner.object { scanner, key throws(JSONScanner.Failure) in
          let value = try scanner.value()
          members[String(decoding: scanner.bytes(in: key), as: UTF8.self)] = scanner.bytes(
            in: value
          )
        }
        try scanner.end()
      }
    } catch {
      throw MalformedReport(error)
    }
    self.members = members
  }

  package subscript(_ name: String) -> [UInt8]? { members[name] }

  /// The part that `TrafficRows` reads. Its bytes alone tell a re-send: what stands beside it
  /// changes from call to call.
  package var traffic: [UInt8] { members["traffic"] ?? Array("null".utf8) }

  /// A member that is a text or a number.
  package func text(_ name: String) -> String? {
    guard let json = members[name], json != Array("null".utf8) else { return nil }
    return (try? JSONDecoder().decode(String.self, from: Data(json)))
      ?? String(decoding: json, as: UTF8.self)
  }
}
