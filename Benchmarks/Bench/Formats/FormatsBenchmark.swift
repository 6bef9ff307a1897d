import AgentProtocols
import FoundationEssentials
import SubscriptionFormats

private let identity = UUID(
  uuid: (
    0x2f, 0x8b, 0x1c, 0x5e, 0x93, 0xa4, 0x4d, 0x17, 0x8f, 0x0a, 0x6b, 0x2d, 0x9c, 0x4e, 0x7f, 0x31
  )
)
private let credential = Credential(uuid: identity)
private let reality = RealitySettings(
  serverName: "www.example.com",
  publicKey: "1zwxn8VQ0CPRO7ixB3C2ABoAsWsHmHSzXU-bQVIWnHQ",
  shortID: "0123456789abcdef"
)
private let tls = TLSSettings(serverName: "node.example.com", alpn: ["h2", "http/1.1"])
private let webSocket = Transport.webSocket(HTTPEndpoint(path: "/chat", host: "cdn.example.com"))

/// A node list as it is sold: four protocols in turn, names with flags.
private func nodes(_ count: Int) -> [ProxyNode] {
  (1...count).map { index in
    let name = "🇭🇰 Hong Kong \(index)"
    let host = "hk\(index).example.com"
    switch index % 4 {
    case 0:
      return ProxyNode(
        name: name,
        host: host,
        port: 443,
        proxy: .vless(flow: .vision),
        security: .reality(reality)
      )
    case 1:
      let key = "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s="
      return ProxyNode(
        name: name,
        host: host,
        port: 8388,
        proxy: .shadowsocks(.blake3AES256GCM, serverKey: key)
      )
    case 2:
      return ProxyNode(
        name: name,
        host: host,
        port: 443,
        proxy: .vmess,
        transport: webSocket,
        security: .tls(tls)
      )
    default:
      return ProxyNode(
        name: name,
        host: host,
        port: 443,
        proxy: .hysteria2(obfuscationPassword: "salamander"),
        security: .tls(tls)
      )
    }
  }
}

/// Microseconds per call: the best of several rounds, which is the least disturbed by other
/// programs.
private func microseconds(callsPerRound: Int = 500, _ body: () -> Int) -> Double {
  let clock = ContinuousClock()
  var best = Duration.seconds(60)
  for _ in 0..<20 {
    var bytes = 0
    let time = clock.measure { for _ in 0..<callsPerRound { bytes &+= body() } }
    precondition(bytes > 0)
    best = min(best, time)
  }
  return best / .microseconds(callsPerRound)
}

/// The time it takes to render one document: all of it, and from a prepared document as a fetch
/// does.
func formatsSection() -> Report.Section {
  var figures: [Figure] = []
  for count in [8, 48] {
    let list = nodes(count)
    for format in SubscriptionFormat.all {
      let prepared = PreparedDocument(nodes: list, format: format)
      let size = prepared.body(for: credential).count
      let whole = microseconds {
        PreparedDocument(nodes: list, format: format).body(for: credential).count
      }
      let fetch = microseconds { prepared.body(for: credential).count }
      figures.append(
        Figure(
          name: "\(format.name), \(count) nodes",
          value: fetch,
          unit: "us",
          detail: "\(readable(whole)) us with preparing it; \(readable(Double(size))) bytes"
        )
      )
    }
  }
  let users = (0..<10_000).map {
    NodeUser(id: Int64(1_001 + $0), credential: credential, speedLimit: 100, deviceLimit: 3)
  }
  let list = microseconds(callsPerRound: 5) {
    UniProxyUserList.encode(users, placeholder: credential).count
  }
  figures.append(Figure(name: "list of 10,000 users", value: list, unit: "us"))
  return Report.Section(
    title: "Formats: filling a prepared document for one fetch",
    figures: figures
  )
}
