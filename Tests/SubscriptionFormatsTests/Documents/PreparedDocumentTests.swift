import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

@Suite struct PreparedDocumentTests {
  @Test(arguments: SubscriptionFormat.all)
  func `one prepared document serves many subscriptions, and each gets only its own secrets`(
    format: SubscriptionFormat
  ) throws {
    let prepared = PreparedDocument(nodes: Samples.nodes, format: format)
    let one = try text(prepared.body(for: Samples.credential), format)
    let other = try text(prepared.body(for: Samples.otherCredential), format)
    #expect(one.contains("2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31"))
    #expect(!one.contains("c0ffee00-1234-4abc-9def-0123456789ab"))
    #expect(other.contains("c0ffee00-1234-4abc-9def-0123456789ab"))
    #expect(!other.contains("2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31"))
    // Filled again after another's, it is still the first one's.
    #expect(try text(prepared.body(for: Samples.credential), format) == one)
    #expect(
      try text(
        PreparedDocument(nodes: Samples.nodes, format: format).body(for: Samples.credential),
        format
      ) == one
    )
  }

  @Test(arguments: SubscriptionFormat.all)
  func `without nodes the document says so`(format: SubscriptionFormat) throws {
    let document = PreparedDocument(nodes: [], format: format)
    #expect(
      document.body(for: Samples.credential)
        == PreparedDocument(notice: .noNodes, format: format).body(for: Samples.credential)
    )
  }

  @Test func `nodes that no client of the format can use make room for a notice`() {
    let node = ProxyNode(name: "any", host: "node.example.com", port: 443, proxy: .anytls)
    let old = PreparedDocument(nodes: [node], format: .singBox(.oneEleven)).body(
      for: Samples.credential
    )
    #expect(
      old
        == PreparedDocument(notice: .unsupportedClient, format: .singBox(.oneEleven)).body(
          for: Samples.credential
        )
    )
    #expect(
      PreparedDocument(nodes: [node], format: .singBox(.oneTwelve)).body(for: Samples.credential)
        != old
    )
  }

  @Test(arguments: SubscriptionFormat.all)
  func `a notice can be in the customer's language`(format: SubscriptionFormat) async throws {
    let document = PreparedDocument(notice: .expired, text: "套餐已过期", format: format).body(
      for: Samples.credential
    )
    let expected =
      format == .v2ray || format == .shadowrocket
      ? "%E5%A5%97%E9%A4%90%E5%B7%B2%E8%BF%87%E6%9C%9F" : "套餐已过期"
    #expect(try text(document, format).contains(expected))
  }

  @Test func `what is no host name never becomes a rule`() {
    #expect(
      DocumentOptions(directDomains: ["panel.example.com", "a,b", "", "-x.com", "1.2.3.4", "x\ny"])
        .directDomains == ["panel.example.com"]
    )
  }

  @Test func `Surge and Surfboard fetch again from the link that they are given`() {
    for format in [SubscriptionFormat.surge, .surfboard] {
      let prepared = PreparedDocument(nodes: Samples.nodes, format: format)
      let text = String(
        decoding: prepared.body(for: Samples.credential, link: "https://a.example.com/s/t\nx y"),
        as: UTF8.self
      )
      #expect(
        text.hasPrefix(
          "#!MANAGED-CONFIG https://a.example.com/s/t%0Ax%20y interval=43200 strict=false\n[General]\n"
        )
      )
      #expect(
        String(decoding: prepared.body(for: Samples.credential), as: UTF8.self).hasPrefix(
          "[General]\n"
        )
      )
    }
  }

  @Test(arguments: [
    ("Stash/2.4.0", [NodeKind.hysteria2, .reality, .anytls]), ("Stash/2.5.1", [.reality, .anytls]),
    ("Stash/3.1.0", [.anytls]),
    ("Stash/3.3.0", []), ("Stash", []), ("v2rayNG/1.8.0", [.hysteria2]),
    ("v2rayN/6.30", [.hysteria2]), ("v2rayN/6.31", []),
    ("Shadowrocket/1992 CFNetwork/1", [.hysteria2, .anytls]), ("Shadowrocket/2000", [.anytls]),
    ("Shadowrocket/2592 CFNetwork/1", []),
    ("Surge iOS/2397", [.hysteria2]), ("Surge iOS/2985", []), ("Surge Mac/2398", []),
    ("Loon/636 CFNetwork/1", [.hysteria2, .anytls, .shadowsocks2022]),
    ("Loon/3.2.0", [.hysteria2, .anytls, .shadowsocks2022, .trojan]), ("Loon/3.2.1", []),
    ("clash-verge/v1.3.7", [.hysteria2]), ("clash-verge/v2.0.3", []),
    ("mihomo/1.18.10", [.anytls, .mieru, .xhttp]),
    ("mihomo/1.19.3", [.xhttp]), ("mihomo/1.19.32", []),
    ("ClashMetaForAndroid/2.8.9.Meta", [.hysteria2]), ("FlClash/v0.7.9", [.hysteria2]),
    ("NekoBox/Android/1.2.6 (Prefer ClashMeta Format)", [.hysteria2]),
  ])
  func `what an old client can't read is left out`(userAgent: String, missing: [NodeKind]) throws {
    let client = SubscriptionClient(userAgent: userAgent, query: nil)
    let newest = PreparedDocument(nodes: Samples.nodes, format: client.format)
    let left = Samples.nodes.filter { node in !missing.contains { $0.isOf(node) } }
    let expected = PreparedDocument(nodes: left, format: client.format).body(
      for: Samples.credential
    )
    #expect(
      PreparedDocument(nodes: Samples.nodes, client: client).body(for: Samples.credential)
        == expected
    )
    #expect(missing.isEmpty == (expected == newest.body(for: Samples.credential)))
    if missing.isEmpty { #expect(client == SubscriptionClient(format: client.format)) }
  }

  @Test func `clients that differ in nothing their documents depend on share them`() {
    let clients = ["Stash/3.3.1", "Stash/4.0.0 (iPhone)", "Stash"].map {
      SubscriptionClient(userAgent: $0, query: nil)
    }
    #expect(Set(clients).count == 1)
    #expect(SubscriptionClient(userAgent: "Stash/2.0", query: nil) != clients[0])
  }

  enum NodeKind: Sendable {
    case hysteria2, reality, anytls, trojan, mieru, xhttp, shadowsocks2022

    func isOf(_ node: ProxyNode) -> Bool {
      switch (self, node.proxy) {
      case (.hysteria2, .hysteria2), (.anytls, .anytls), (.trojan, .trojan), (.mieru, .mieru):
        return true
      case (.shadowsocks2022, .shadowsocks(let cipher, _, _)): return cipher.keyLength != nil
      case (.reality, .vless(let flow)):
        if case .reality = node.security { return true }
        return flow == .vision
      case (.reality, _):
        if case .reality = node.security { return true }
        return false
      case (.xhttp, _):
        if case .xhttp = node.transport { return true }
        return false
      default: return false
      }
    }
  }

  /// A document with what is base64 in it decoded, the parts of links too.
  private func text(_ document: [UInt8], _ format: SubscriptionFormat) throws -> String {
    guard format.isBase64 else { return String(decoding: document, as: UTF8.self) }
    return try DocumentReader.lines(document, format).map { link in
      let parts = link.split(separator: "://", maxSplits: 1)
      guard parts.count == 2,
        let data = DocumentReader.base64(parts[1].prefix { $0 != "?" && $0 != "@" && $0 != "#" })
      else { return link }
      return String(decoding: data, as: UTF8.self) + " " + link
    }.joined(separator: "\n")
  }
}
