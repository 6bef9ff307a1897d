import ProtocolKit
import Testing

@testable import SubscriptionFormats

@Suite struct NodeNamesTests {
  @Test(arguments: [
    (["HK", "HK", "HK"], ["HK", "HK 2", "HK 3"]),
    (["HK", "HK 2", "HK", "HK"], ["HK", "HK 2", "HK 3", "HK 4"]),
    (["HK", "HK", "HK 2"], ["HK", "HK 2", "HK 2 2"]),
    (["Proxy", "Auto", "DIRECT", "direct"], ["Proxy 2", "Auto 2", "DIRECT 2", "direct 2"]),
    (["", " \n", "a"], ["node.example.com", "node.example.com 2", "a"]),
    ([], []),
  ])
  func `names become unique, in the same way each time`(names: [String], expected: [String]) {
    let nodes = names.map(Samples.shadowsocks(named:))
    #expect(NodeNames.unique(nodes).map(\.name) == expected)
    #expect(NodeNames.unique(nodes) == NodeNames.unique(nodes))
  }

  @Test func `names that differ in their bytes are different names`() {
    let names = ["\u{E9}", "e\u{301}"]
    #expect(
      NodeNames.unique(names.map(Samples.shadowsocks(named:))).map { Array($0.name.utf8) }
        == names.map { Array($0.utf8) }
    )
  }
}
