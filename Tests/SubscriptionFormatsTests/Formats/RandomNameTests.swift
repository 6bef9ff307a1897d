import Foundation
import SubscriptionFormats
import Testing

/// Names come back as they were given, whatever is in them.
@Suite struct RandomNameTests {
  private let nodes = RandomNames.all.map(Samples.shadowsocks(named:))
  private let names = RandomNames.all.map { Array($0.utf8) }

  @Test func `mihomo reads every name from its YAML`() async throws {
    let document = PreparedDocument(nodes: nodes, format: .mihomo).body(for: Samples.credential)
    #expect(try await MihomoReader.nodes(in: document).map { Array($0.name.utf8) } == names)
  }

  @Test func `mihomo reads every name from the share links`() async throws {
    let document = PreparedDocument(nodes: nodes, format: .v2ray).body(for: Samples.credential)
    #expect(try await MihomoReader.nodes(in: document).map { Array($0.name.utf8) } == names)
  }

  @Test(arguments: SubscriptionFormat.SingBoxVersion.allCases)
  func `a JSON parser reads every name from sing-box's configuration`(version: SubscriptionFormat.SingBoxVersion) throws {
    let document = PreparedDocument(nodes: nodes, format: .singBox(version)).body(for: Samples.credential)
    let configuration = try JSONDecoder().decode(Configuration.self, from: Data(document))
    #expect(configuration.outbounds.filter { $0.type == "shadowsocks" }.map { Array($0.tag.utf8) } == names)
    let selector = try #require(configuration.outbounds.first { $0.type == "selector" })
    #expect(selector.outbounds?.dropFirst().dropLast().map { Array($0.utf8) } == names)
  }

  private struct Configuration: Decodable {
    struct Outbound: Decodable {
      let type: String
      let tag: String
      let outbounds: [String]?
    }

    let outbounds: [Outbound]
  }
}
