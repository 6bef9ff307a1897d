import Foundation
import SubscriptionFormats
import Testing

@Suite struct PreparedDocumentTests {
  @Test(arguments: SubscriptionFormat.all)
  func `one prepared document serves many subscriptions, and each gets only its own secrets`(format: SubscriptionFormat) throws {
    let prepared = PreparedDocument(nodes: Samples.nodes, format: format)
    let one = try text(prepared.body(for: Samples.credential), format)
    let other = try text(prepared.body(for: Samples.otherCredential), format)
    #expect(one.contains("2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31"))
    #expect(!one.contains("c0ffee00-1234-4abc-9def-0123456789ab"))
    #expect(other.contains("c0ffee00-1234-4abc-9def-0123456789ab"))
    #expect(!other.contains("2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31"))
    // Filled again after another's, it is still the first one's.
    #expect(try text(prepared.body(for: Samples.credential), format) == one)
    #expect(try text(PreparedDocument(nodes: Samples.nodes, format: format).body(for: Samples.credential), format) == one)
  }

  @Test(arguments: SubscriptionFormat.all)
  func `without nodes the document says so`(format: SubscriptionFormat) throws {
    let document = PreparedDocument(nodes: [], format: format)
    #expect(document.body(for: Samples.credential) == PreparedDocument(notice: .noNodes, format: format).body(for: Samples.credential))
  }

  @Test func `nodes that no client of the format can use make room for a notice`() {
    let node = ProxyNode(name: "any", host: "node.example.com", port: 443, proxy: .anytls)
    let old = PreparedDocument(nodes: [node], format: .singBox(.oneEleven)).body(for: Samples.credential)
    #expect(old == PreparedDocument(notice: .unsupportedClient, format: .singBox(.oneEleven)).body(for: Samples.credential))
    #expect(PreparedDocument(nodes: [node], format: .singBox(.oneTwelve)).body(for: Samples.credential) != old)
  }

  @Test(arguments: SubscriptionFormat.all)
  func `a notice can be in the customer's language`(format: SubscriptionFormat) async throws {
    let document = PreparedDocument(notice: .expired, text: "套餐已过期", format: format).body(for: Samples.credential)
    let expected = format == .v2ray ? "%E5%A5%97%E9%A4%90%E5%B7%B2%E8%BF%87%E6%9C%9F" : "套餐已过期"
    #expect(try text(document, format).contains(expected))
  }

  @Test func `what is no host name never becomes a rule`() {
    #expect(
      DocumentOptions(directDomains: ["panel.example.com", "a,b", "", "-x.com", "1.2.3.4", "x\ny"]).directDomains == ["panel.example.com"])
  }

  /// A document with what is base64 in it decoded.
  private func text(_ document: [UInt8], _ format: SubscriptionFormat) throws -> String {
    guard format == .v2ray else { return String(decoding: document, as: UTF8.self) }
    let list = String(decoding: try #require(Data(base64Encoded: Data(document))), as: UTF8.self)
    return list.split(separator: "\n").map { link in
      guard link.hasPrefix("vmess://"), let json = Data(base64Encoded: String(link.dropFirst(8))) else { return String(link) }
      return String(decoding: json, as: UTF8.self)
    }.joined(separator: "\n")
  }
}
