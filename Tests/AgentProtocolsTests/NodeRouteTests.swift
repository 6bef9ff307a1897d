import AgentProtocols
import FieldViolations
import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

@testable import enum AgentProtocols.RE2

@Suite struct NodeRouteTests {
  private let routes = [
    NodeRoute(
      id: 1,
      match: ["regexp:.*\\.example\\.com$", "protocol:bittorrent", "(?i)torrent"],
      action: .block
    ),
    NodeRoute(id: 2, match: ["geosite:netflix"], action: .dns(server: "8.8.8.8")),
    NodeRoute(id: 3, match: ["25"], action: .blockPort),
  ]

  @Test func `routes go to agents as lists of texts`() throws {
    let config = UniProxyConfig(settings: try Samples.settings("trojan"), routes: routes).encoded()
    let expected =
      #""routes":[{"id":1,"match":["regexp:.*\\.example\\.com$","protocol:bittorrent","(?i)torrent"],"action":"block","action_value":null},"#
      + #"{"id":2,"match":["geosite:netflix"],"action":"dns","action_value":"8.8.8.8"},"#
      + #"{"id":3,"match":["25"],"action":"block_port","action_value":null}]}"#
    #expect(String(decoding: config, as: UTF8.self).hasSuffix(expected))
  }

  @Test func `without routes there is no key, which is what agents take for none`() throws {
    let config = UniProxyConfig(settings: try Samples.settings("trojan")).encoded()
    #expect(!String(decoding: config, as: UTF8.self).contains("routes"))
  }

  @Test func `mod_mu gets only what blocks, as one expression a rule`() {
    #expect(
      String(decoding: ModMuRules.encode(routes), as: UTF8.self)
        == #"{"ret":1,"data":[{"id":1,"name":"route 1","text":"route 1","regex":".*\\.example\\.com$|(?i)torrent","type":1}]}"#
    )
    #expect(String(decoding: ModMuRules.encode([]), as: UTF8.self) == #"{"ret":1,"data":[]}"#)
  }

  @Test func `every field that is wrong is named`() {
    #expect(NodeRoute(id: 0, match: [], action: .block).violations.map(\.field) == ["id", "match"])
    let wrong = NodeRoute(id: 1, match: ["ok", "", "a b", "(?=x)"], action: .block)
    #expect(wrong.violations.map(\.field) == ["match.1", "match.2", "match.3"])
    #expect(
      NodeRoute(id: 1, match: ["(?=x)"], action: .dns(server: "no host")).violations.map(\.field)
        == ["action_value"]
    )
    #expect(routes.flatMap(\.violations) == [])
  }

  @Test(arguments: [
    "a", "(.*\\.)?(google|bing)\\.com", "^a+?b*c{2,3}?$", "[a-z0-9_-]+", "[^]a]", "[]a]", "(?i)x",
    "(?:a|b)", "(?P<n>a)(?<m>b)",
    "\\d\\D\\bx\\x41", "a{", "a{,3}", "a{1000}", "", "a|", "(|a)", "\\p{Han}", "é+", "\\.\\-\\/",
  ])
  func `expressions that RE2 has are accepted`(pattern: String) {
    #expect(RE2.problem(in: pattern) == nil)
  }

  @Test(arguments: [
    "(", ")", "a)", "[a", "*", "a**", "+a", "(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", "(a)\\1",
    "\\k<n>", "a{1001}", "a{3,2}", "\\", "[z-a]",
    "\\q", "\\x4", "\\p{Klingon}", "(?z)a", "a|*",
    String(repeating: "(", count: 200) + String(repeating: ")", count: 200),
  ])
  func `expressions that would crash an agent are refused`(pattern: String) {
    #expect(RE2.problem(in: pattern) != nil)
  }

  @Test func `any text is judged, and what opens a group at its end is refused`() {
    var generator = SplitMix(state: 11)
    let pieces = [
      "(", ")", "]", "{", "}", "?", "*", "|", "^", "-", "<", "=", ":", "1", "é", "\\.", "[^",
    ]
    for _ in 0..<5_000 {
      let text = (0..<Int.random(in: 0...20, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      // In a class too, which then isn't closed.
      #expect(RE2.problem(in: text + "(") != nil)
    }
  }
}
