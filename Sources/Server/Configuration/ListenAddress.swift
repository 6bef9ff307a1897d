/// Where a server listens: `host:port`, with IPv6 hosts in brackets. Port 0 stands for any free
/// one.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
  package let host: String
  package let port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Nil when `text` is no `host:port`.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    guard let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port) else {
      return nil
    }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self.host = String(host)
    self.port = port
  }

  package var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
