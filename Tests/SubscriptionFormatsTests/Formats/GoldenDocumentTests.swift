import Foundation
import SubscriptionFormats
import Testing

@Suite struct GoldenDocumentTests {
  @Test(arguments: SubscriptionFormat.all, Samples.nodes)
  func `each protocol in each format is as its golden file has it`(format: SubscriptionFormat, node: ProxyNode) throws {
    let document = PreparedDocument(nodes: [node], format: format, options: DocumentOptions(directDomains: ["panel.example.com"]))
    try Golden.expect(readable(document.body(for: Samples.credential), format), equal: "\(format.folder)/\(node.name).\(format.suffix)")
  }

  @Test(arguments: SubscriptionFormat.all)
  func `all protocols together are as the golden file has it`(format: SubscriptionFormat) throws {
    let document = PreparedDocument(nodes: Samples.nodes, format: format)
    try Golden.expect(readable(document.body(for: Samples.credential), format), equal: "\(format.folder)/all.\(format.suffix)")
  }

  @Test(arguments: SubscriptionFormat.all)
  func `a notice is as its golden file has it`(format: SubscriptionFormat) throws {
    let document = PreparedDocument(notice: .expired, format: format)
    try Golden.expect(readable(document.body(for: Samples.credential), format), equal: "\(format.folder)/notice.\(format.suffix)")
  }

  /// Share links are kept as what their base64 says.
  private func readable(_ document: [UInt8], _ format: SubscriptionFormat) throws -> [UInt8] {
    guard format == .v2ray else { return document }
    return [UInt8](try #require(Data(base64Encoded: Data(document))))
  }
}

extension SubscriptionFormat {
  var folder: String {
    switch self {
    case .v2ray: "v2ray"
    case .mihomo: "mihomo"
    case .singBox(.oneEleven): "sing-box-1.11"
    case .singBox(.oneTwelve): "sing-box-1.12"
    case .singBox(.oneThirteen): "sing-box-1.13"
    }
  }

  var suffix: String {
    switch self {
    case .v2ray: "txt"
    case .mihomo: "yaml"
    case .singBox: "json"
    }
  }
}
