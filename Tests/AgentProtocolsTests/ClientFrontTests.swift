import FieldViolations
import SubscriptionFormats
import Testing

@testable import AgentProtocols

@Suite struct ClientFrontTests {
  private let listener = Listener(port: 80)
  private let reality = ServerReality(
    serverName: "www.example.com",
    privateKey: "",
    publicKey: "",
    shortID: ""
  )

  private func node(_ settings: NodeServerSettings, behind front: ClientFront) -> ProxyNode {
    front.applied(to: settings.proxyNode(name: "n", host: "cdn.example.com", port: 443))
  }

  @Test func `TLS that ends in front is told to customers of a server without it`() {
    let front = ClientFront(serverName: "cdn.example.com", host: "ws.example.com", endsTLS: true)
    let settings = NodeServerSettings.vmess(
      VMessServer(listener: listener, transport: .webSocket(HTTPEndpoint(path: "/ws")))
    )
    #expect(front.violations.isEmpty && front.misfits(settings).isEmpty)
    let node = node(settings, behind: front)
    #expect(node.security == .tls(TLSSettings(serverName: "cdn.example.com")))
    #expect(node.transport == .webSocket(HTTPEndpoint(path: "/ws", host: "ws.example.com")))
  }

  @Test func `a name in front takes the place of the server's, and the rest of its TLS stays`() {
    let tls = ServerTLS(serverName: "origin.example.com", alpn: ["h2"], fingerprint: .chrome)
    let settings = NodeServerSettings.trojan(TrojanServer(listener: listener, security: .tls(tls)))
    let front = ClientFront(serverName: "relay.example.com")
    #expect(front.misfits(settings).isEmpty)
    #expect(
      node(settings, behind: front).security
        == .tls(TLSSettings(serverName: "relay.example.com", alpn: ["h2"], fingerprint: .chrome))
    )
  }

  @Test func `what can't be in front of a server is named, and left out of documents`() {
    let plain = NodeServerSettings.shadowsocks(
      ShadowsocksServer(listener: listener, serverKey: nil)
    )
    let vless = NodeServerSettings.vless(
      VLESSServer(listener: listener, security: .reality(reality))
    )
    let all = ClientFront(serverName: "a.example", host: "b.example", endsTLS: true)
    for settings in [plain, vless] {
      #expect(all.misfits(settings).map(\.field) == ["ends_tls", "host"])
      #expect(
        ClientFront(serverName: "a.example").misfits(settings).map(\.field) == ["server_name"]
      )
      #expect(node(settings, behind: all) == node(settings, behind: ClientFront()))
    }
  }

  @Test func `names must be hosts, and TLS in front needs one`() {
    #expect(
      ClientFront(serverName: "not a host", host: "").violations.map(\.field) == [
        "server_name", "host",
      ]
    )
    #expect(ClientFront(endsTLS: true).violations.map(\.field) == ["server_name"])
  }
}
