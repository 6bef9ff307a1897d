import ProtocolKit
import Testing

@testable import SubscriptionFormats

@Suite struct ClientProtocolTests {
  @Test func `every protocol is in the list of them, and has a sample`() {
    let sampled = Samples.nodes.map { ObjectIdentifier(type(of: $0.proxy.clientProtocol)) }
    #expect(Set(sampled) == Set(Proxy.clientProtocols.map { ObjectIdentifier($0) }))
  }

  @Test(arguments: [
    ("stash/3.2", "anytls", false), ("stash/3.3", "anytls", true),
    ("stash/3.0", "vless-reality-vision", false), ("stash/3.1", "vless-reality-vision", true),
    ("loon/636", "hysteria2", false), ("loon/637", "hysteria2", true),
    ("mihomo/1.19.21", "vless-xhttp-tls", false), ("mihomo/1.19.22", "vless-xhttp-tls", true),
  ])
  func `a client gets what its version knows`(agent: String, name: String, isKnown: Bool) throws {
    let client = SubscriptionClient(userAgent: agent, query: nil)
    #expect(client.knows(try Samples.node(name).features) == isKnown)
  }
}
