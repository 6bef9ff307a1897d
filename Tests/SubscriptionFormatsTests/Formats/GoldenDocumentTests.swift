import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

@Suite struct GoldenDocumentTests {
  @Test(arguments: SubscriptionFormat.all, Samples.nodes)
  func `each protocol in each format is as its golden file has it`(
    format: SubscriptionFormat,
    node: ProxyNode
  ) throws {
    let document = PreparedDocument(
      nodes: [node],
      format: format,
      options: DocumentOptions(directDomains: ["panel.example.com"])
    )
    try Golden.expect(
      readable(document.body(for: Samples.credential), format),
      equal: "\(format.name)/\(node.name).\(format.suffix)"
    )
  }

  @Test(arguments: SubscriptionFormat.all)
  func `all protocols together are as the golden file has it`(format: SubscriptionFormat) throws {
    let document = PreparedDocument(nodes: Samples.nodes, format: format)
    try Golden.expect(
      readable(document.body(for: Samples.credential), format),
      equal: "\(format.name)/all.\(format.suffix)"
    )
  }

  @Test(arguments: SubscriptionFormat.all)
  func `a notice is as its golden file has it`(format: SubscriptionFormat) throws {
    let document = PreparedDocument(notice: .expired, format: format)
    try Golden.expect(
      readable(document.body(for: Samples.credential), format),
      equal: "\(format.name)/notice.\(format.suffix)"
    )
  }

  /// Lists are kept as what their base64 says.
  private func readable(_ document: [UInt8], _ format: SubscriptionFormat) throws -> [UInt8] {
    guard format.isBase64 else { return document }
    return [UInt8](try #require(Data(base64Encoded: Data(document))))
  }
}

extension SubscriptionFormat {
  var isBase64: Bool { self == .v2ray || self == .shadowrocket || self == .quantumultX }

  var suffix: String {
    switch self {
    case .v2ray, .shadowrocket, .quantumultX, .loon: "txt"
    case .clash, .mihomo, .stash: "yaml"
    case .singBox, .sip008, .outline: "json"
    case .surge, .surfboard: "conf"
    }
  }
}
