import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

/// The documents are read by the programs they are for.
@Suite struct ClientProgramTests {
  @Test(arguments: SubscriptionFormat.all.filter { !ClientProgram.readers(of: $0).isEmpty })
  func `clients accept all protocols in one document`(format: SubscriptionFormat) throws {
    let options = DocumentOptions(directDomains: ["panel.example.com"])
    try expectAccepted(
      PreparedDocument(nodes: checkable(Samples.nodes, format), format: format, options: options)
    )
  }

  @Test(arguments: SubscriptionFormat.all.filter { !ClientProgram.readers(of: $0).isEmpty })
  func `clients accept a document without nodes`(format: SubscriptionFormat) throws {
    for notice in SubscriptionNotice.allCases {
      try expectAccepted(PreparedDocument(notice: notice, format: format))
    }
  }

  @Test(arguments: SubscriptionFormat.all.filter { !ClientProgram.readers(of: $0).isEmpty })
  func `clients accept two hundred random names`(format: SubscriptionFormat) throws {
    let nodes = RandomNames.all.map(Samples.shadowsocks(named:))
    try expectAccepted(PreparedDocument(nodes: nodes, format: format))
  }

  @Test(arguments: ClientProgram.allCases)
  func `the programs can refuse`(program: ClientProgram) throws {
    let broken = PreparedDocument(
      nodes: [
        ProxyNode(
          name: "broken",
          host: "node.example.com",
          port: 1,
          proxy: .shadowsocks(.blake3AES256GCM, serverKey: "short")
        )
      ],
      format: program == .mihomo ? .mihomo : .singBox(.oneTwelve)
    )
    #expect(try program.check(broken.body(for: Samples.credential)).status != 0)
  }

  private func expectAccepted(
    _ document: PreparedDocument,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for program in ClientProgram.readers(of: document.format) {
      let outcome = try program.check(document.body(for: Samples.credential))
      #expect(
        outcome.status == 0,
        "\(program.rawValue): \(outcome.output)",
        sourceLocation: sourceLocation
      )
    }
  }

  /// PyPI's sing-box has no uTLS, which REALITY needs, and no Chromium for naive: golden files hold
  /// the shape of those outbounds.
  private func checkable(_ nodes: [ProxyNode], _ format: SubscriptionFormat) -> [ProxyNode] {
    guard case .singBox = format else { return nodes }
    return nodes.filter { node in
      if case .reality = node.security { return false }
      return node.proxy != .naive
    }
  }
}
