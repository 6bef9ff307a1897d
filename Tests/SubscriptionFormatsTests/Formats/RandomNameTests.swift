import Foundation
import ProtocolKit
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

  @Test(arguments: [SubscriptionFormat.clash, .stash])
  func `mihomo reads every name from its relatives' YAML`(format: SubscriptionFormat) async throws {
    let document = PreparedDocument(nodes: nodes, format: format).body(for: Samples.credential)
    #expect(try await MihomoReader.nodes(in: document).map { Array($0.name.utf8) } == names)
  }

  @Test func `every name of a share link survives in Shadowrocket's own links`() throws {
    var vless = nodes
    for index in vless.indices { vless[index].proxy = .vless(flow: nil) }
    let links = try DocumentReader.lines(
      PreparedDocument(nodes: vless, format: .shadowrocket).body(for: Samples.credential),
      .shadowrocket
    )
    let read = links.map { link in
      DocumentReader.percentDecoded(link.split(separator: "remark=")[1].prefix { $0 != "&" })
    }
    #expect(read == names)
  }

  @Test(arguments: [SubscriptionFormat.surge, .surfboard, .loon, .quantumultX])
  func `lines of fields have a node for every name, each under a name of its own`(
    format: SubscriptionFormat
  ) throws {
    let document = PreparedDocument(nodes: nodes, format: format).body(for: Samples.credential)
    let read = try DocumentReader.nodes(document, format)
    #expect(read.count == names.count)
    #expect(Set(read.map(\.name)).count == names.count)
    #expect(read.allSatisfy { $0.host == "node.example.com" && $0.port == 443 })
    // What people read is still there: the number at the end of each, which kept them apart.
    for (index, node) in read.enumerated() { #expect(node.name.hasSuffix(String(index))) }
    if format == .surge || format == .surfboard {
      let groups = try DocumentReader.groups(document)
      #expect(groups["Auto"] == read.map(\.name))
      #expect(groups["Proxy"] == ["Auto"] + read.map(\.name) + ["DIRECT"])
    }
  }

  @Test func `a JSON parser reads every name from SIP008`() throws {
    let document = PreparedDocument(nodes: nodes, format: .sip008).body(for: Samples.credential)
    let servers = try JSONDecoder().decode(SIP008.self, from: Data(document)).servers
    #expect(servers.map { Array($0.remarks.utf8) } == names)
    #expect(Set(servers.map(\.id)).count == names.count)
    #expect(servers.allSatisfy { UUID(uuidString: $0.id) != nil })
  }

  private struct SIP008: Decodable {
    struct Server: Decodable {
      let id: String
      let remarks: String
    }

    let servers: [Server]
  }

  @Test(arguments: SubscriptionFormat.SingBoxVersion.allCases)
  func `a JSON parser reads every name from sing-box's configuration`(
    version: SubscriptionFormat.SingBoxVersion
  ) throws {
    let document = PreparedDocument(nodes: nodes, format: .singBox(version)).body(
      for: Samples.credential
    )
    let configuration = try JSONDecoder().decode(Configuration.self, from: Data(document))
    #expect(
      configuration.outbounds.filter { $0.type == "shadowsocks" }.map { Array($0.tag.utf8) }
        == names
    )
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
