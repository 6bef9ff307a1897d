import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

@Suite struct SingBoxTemplateTests {
  private static let configuration = """
    {
      "dns": {"servers": [{"type": "https", "tag": "remote", "server": "1.1.1.1", "detour": "JP"}, {"type": "local", "tag": "local"}]},
      "inbounds": [{"type": "mixed", "tag": "in", "listen": "127.0.0.1", "listen_port": 2080}],
      "outbounds": [
        {"type": "selector", "tag": "Select", "outbounds": ["Auto", "JP", "$nodes", "direct"], "default": "JP"},
        {"type": "urltest", "tag": "Auto", "outbounds": ["/^HK/"], "tolerance": 50},
        {"type": "selector", "tag": "JP", "outbounds": ["/^JP/"]},
        {"type": "direct", "tag": "direct"}
      ],
      "route": {
        "rules": [
          {"action": "sniff"},
          {"domain_suffix": ["example.jp"], "action": "route", "outbound": "JP"},
          {"ip_is_private": true, "outbound": "direct"}
        ],
        "final": "JP",
        "default_domain_resolver": "local"
      }
    }
    """

  private struct Configuration: Decodable {
    struct Outbound: Decodable {
      let type: String
      let tag: String
      let outbounds: [String]?
      let `default`: String?
    }

    struct Route: Decodable {
      struct Rule: Decodable {
        let domainSuffix: [String]?
        let outbound: String?

        enum CodingKeys: String, CodingKey {
          case outbound
          case domainSuffix = "domain_suffix"
        }
      }

      let rules: [Rule]
      let final: String
    }

    struct DNS: Decodable {
      struct Server: Decodable { let detour: String? }
      let servers: [Server]
    }

    let outbounds: [Outbound]
    let route: Route
    let dns: DNS
  }

  @Test(arguments: [
    SubscriptionFormat.singBox(.oneTwelve), .singBox(.oneThirteen), .singBox(.oneFourteen),
  ])
  func `groups are filled, and nothing refers to one that is gone`(format: SubscriptionFormat)
    throws
  {
    let nodes = ["HK 1", "US 1"].map(Samples.shadowsocks(named:))
    let document = try document(Self.configuration, nodes, format)
    let read = try JSONDecoder().decode(Configuration.self, from: Data(document))
    #expect(read.outbounds.map(\.tag) == ["Select", "Auto", "direct", "HK 1", "US 1"])
    #expect(read.outbounds[0].outbounds == ["Auto", "HK 1", "US 1", "direct"])
    #expect(read.outbounds[0].default == nil)
    #expect(read.outbounds[1].outbounds == ["HK 1"])
    #expect(read.route.final == "Select")
    #expect(read.route.rules.map(\.domainSuffix) == [nil, ["panel.example.com"], nil])
    #expect(read.route.rules.compactMap(\.outbound) == ["direct", "direct"])
    #expect(read.dns.servers.first?.detour == "Select")
    for program in ClientProgram.readers(of: format) {
      let outcome = try program.check(document)
      #expect(outcome.status == 0, "\(program.rawValue): \(outcome.output)")
    }
  }

  @Test func `the template's own outbounds keep their tags, and nodes get others`() throws {
    let document = try document(
      Self.configuration,
      ["direct", "JP", "JP 1"].map(Samples.shadowsocks(named:)),
      .singBox(.oneTwelve)
    )
    let read = try JSONDecoder().decode(Configuration.self, from: Data(document))
    #expect(read.outbounds.map(\.tag).suffix(3) == ["direct 2", "JP 2", "JP 1"])
    #expect(Set(read.outbounds.map(\.tag)).count == read.outbounds.count)
    #expect(read.route.final == "JP")
  }

  @Test(arguments: [
    ("[]", "must be a JSON object"),
    ("{", "line 1: a key in double quotes is expected"),
    ("{\"a\": 1,\n \"b\": 01}", "line 2: 01 is not a JSON value"),
    ("{\"a\": \"\\ud800\"}", "line 1: has half a surrogate pair"),
    ("{} x", "line 1: has something after the JSON document"),
    ("{\"a\": 1, \"a\": 2}", "line 1: the key a appears twice"),
    ("{}", "there must be a group"),
    (#"{"outbounds": [{"type": "selector"}]}"#, "outbounds.0: must have a type and a tag"),
    (
      #"{"outbounds": [{"type": "selector", "tag": "A", "outbounds": ["B"]}]}"#,
      "outbounds.0: there is no group or node B"
    ),
    (
      #"{"outbounds": [{"type": "selector", "tag": "A"}]}"#,
      "route.final: must name an outbound: otherwise traffic that matches no rule would go to the first one"
    ),
    (
      #"{"outbounds": [{"type": "selector", "tag": "A"}], "route": {"final": "B"}}"#,
      "route.final: there is no outbound B"
    ),
    (
      #"{"outbounds": [{"type": "selector", "tag": "A"}], "route": {"final": "A", "rules": [{"outbound": "block"}]}}"#,
      "route.rules.0.outbound: there is no outbound block"
    ),
  ])
  func `what is wrong is said with its place`(text: String, message: String) {
    let error = #expect(throws: ProfileTemplateError.self) {
      try ProfileTemplate(text, for: .singBox(.oneTwelve))
    }
    #expect(error?.message == message)
  }

  private func document(_ template: String, _ nodes: [ProxyNode], _ format: SubscriptionFormat)
    throws -> [UInt8]
  {
    let options = DocumentOptions(
      directDomains: ["panel.example.com"],
      template: try ProfileTemplate(template, for: format)
    )
    return PreparedDocument(nodes: nodes, format: format, options: options).body(
      for: Samples.credential
    )
  }
}
