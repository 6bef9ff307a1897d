import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

@Suite struct ClashTemplateTests {
  private static let profile = """
    # An operator's profile: comments, anchors and all kinds of scalars.
    mixed-port: 7890
    allow-lan: no
    mode: rule
    dns: {enable: true, nameserver: [1.1.1.1, "https://8.8.8.8/dns-query"]}
    hosts:
      '*.lan': 127.0.0.1

    test: &test
      url: http://www.gstatic.com/generate_204
      interval: 300
    proxies:
      - {name: Own, type: socks5, server: 127.0.0.1, port: 1080}
    proxy-groups:
    - name: Select
      type: select
      proxies: [Auto, "Hong Kong", Japan, Mixed, Own, $nodes, DIRECT]
    - name: Auto
      type: url-test
      <<: *test
    - name: Hong Kong
      type: fallback
      <<: *test
      proxies:
        - /^HK|香港/
    - name: Japan
      type: select
      proxies: ["/(?i)^jp/"]
    - name: Mixed
      type: select
      proxies: [Japan]
    rules:
      - DOMAIN-SUFFIX,example.jp,Japan
      - AND,((DOMAIN,a.example.com),(NETWORK,UDP)),Hong Kong
      - IP-CIDR,10.0.0.0/8,DIRECT,no-resolve # private
      - 'MATCH,Select'
    """

  private let nodes = ["HK 1", "香港 2", "US 1"].map(Samples.shadowsocks(named:))

  @Test(arguments: [SubscriptionFormat.clash, .mihomo, .stash])
  func `groups are filled, those without members are gone, and so are their rules`(
    format: SubscriptionFormat
  ) throws {
    let document = try document(Self.profile, nodes, format)
    let expected = """
      proxy-groups:
        - name: Select
          type: select
          proxies:
            - "Auto"
            - "Hong Kong"
            - "Own"
            - "HK 1"
            - "香港 2"
            - "US 1"
            - "DIRECT"
        - name: Auto
          type: url-test
          url: http://www.gstatic.com/generate_204
          interval: 300
          proxies:
            - "HK 1"
            - "香港 2"
            - "US 1"
        - name: Hong Kong
          type: fallback
          proxies:
            - "HK 1"
            - "香港 2"
          url: http://www.gstatic.com/generate_204
          interval: 300
      rules:
        - "DOMAIN-SUFFIX,panel.example.com,DIRECT"
        - AND,((DOMAIN,a.example.com),(NETWORK,UDP)),Hong Kong
        - IP-CIDR,10.0.0.0/8,DIRECT,no-resolve
        - "MATCH,Select"

      """
    #expect(String(decoding: document, as: UTF8.self).hasSuffix(expected))
    let outcome = try ClientProgram.mihomo.check(document)
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  @Test func `what has no quotes in the template has none in the profile`() throws {
    let text = String(decoding: try document(Self.profile, nodes, .mihomo), as: UTF8.self)
    #expect(text.contains("allow-lan: no\nmode: rule\ndns:\n  enable: true\n"))
    #expect(text.contains(#"  "*.lan": 127.0.0.1"#))
    #expect(text.contains("  - name: Own\n    type: socks5\n"))
  }

  @Test func `random names and every protocol stand in a template too`() throws {
    let all =
      Samples.nodes + RandomNames.all.map(Samples.shadowsocks(named:)) + [
        Samples.shadowsocks(named: "Auto")
      ]
    let outcome = try ClientProgram.mihomo.check(try document(Self.profile, all, .mihomo))
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  @Test func `when the last rule's group is gone, another takes its place`() throws {
    let template = """
      proxy-groups:
        - {name: JP, type: select, proxies: [/^JP/]}
        - {name: All, type: select}
      rules: ["DOMAIN,a.example.com,JP", "MATCH,JP"]
      """
    let text = String(decoding: try document(template, nodes, .mihomo), as: UTF8.self)
    #expect(
      text.contains(
        "rules:\n  - \"DOMAIN-SUFFIX,panel.example.com,DIRECT\"\n  - \"MATCH,All\"\nproxies:\n"
      )
    )
  }

  @Test func `a notice stands where nodes would`() throws {
    let options = DocumentOptions(template: try ProfileTemplate(Self.profile, for: .mihomo))
    let document = PreparedDocument(notice: .expired, format: .mihomo, options: options).body(
      for: Samples.credential
    )
    #expect(
      String(decoding: document, as: UTF8.self).contains("  - name: Auto\n    type: url-test\n")
    )
    #expect(try ClientProgram.mihomo.check(document).status == 0)
  }

  @Test func `a template of another format counts for nothing`() throws {
    let options = DocumentOptions(template: try ProfileTemplate(Self.profile, for: .mihomo))
    for format in [SubscriptionFormat.stash, .v2ray, .surge] {
      #expect(
        PreparedDocument(nodes: nodes, format: format, options: options).body(
          for: Samples.credential
        )
          == PreparedDocument(nodes: nodes, format: format).body(for: Samples.credential)
      )
    }
  }

  @Test(arguments: [
    ("", "must be a mapping of keys"),
    ("- a", "must be a mapping of keys"),
    ("a: 1\n  b: 2", "line 2: is indented too far"),
    ("a: [1, 2", "line 1: a bracket is not closed"),
    ("a: \"x", "line 1: a string in quotes must end on its line"),
    ("a: 1\na: 2", "line 2: the key a appears twice"),
    ("a:\n\tb: 1", "line 2: is indented with a tab; YAML requires spaces"),
    ("a: b: c", "line 1: a value with a colon and a space in it must be in quotes"),
    ("a: *x", "line 1: there is no anchor &x above"),
    ("a: !!str 1", "line 1: tags are not supported"),
    ("a: 1\nrules", "line 2: must be a key with a colon and a space after it"),
    ("mode: rule", "there must be a group"),
    ("proxy-groups: [{type: select}]", "proxy-groups.0: must have a name"),
    (
      "proxy-groups: [{name: A, type: choose}]",
      "proxy-groups.0: must have a type: select, url-test, fallback, load-balance or relay"
    ),
    (
      "proxy-groups: [{name: A, type: select}, {name: A, type: select}]",
      "proxy-groups.1: the name A is already used"
    ),
    (
      "proxy-groups: [{name: A, type: select, proxies: [B]}]",
      "proxy-groups.0: there is no group or node B"
    ),
    (
      "proxy-groups: [{name: A, type: select, proxies: [\"/[/\"]}]",
      "proxy-groups.0.proxies.0: /[/ is not a regular expression"
    ),
    (
      "proxy-groups: [{name: A, type: select, proxies: [DIRECT]}]",
      "proxy-groups.0: no group has $nodes or an expression, so no group would have nodes"
    ),
    (
      "proxy-groups: [{name: A, type: select, proxies: [B, $nodes]}, {name: B, type: select, proxies: [A]}]",
      "proxy-groups.0: the group A is a member of itself"
    ),
    ("proxy-groups: [{name: A, type: select}]", "rules: must have rules that end with MATCH"),
    (
      "proxy-groups: [{name: A, type: select}]\nrules: [\"DOMAIN,x,B\"]",
      "rules.0: there is no group or node B"
    ),
    (
      "proxy-groups: [{name: A, type: select}]\nrules: [DOMAIN]",
      "rules.0: must be TYPE,value,target"
    ),
    (
      "proxy-groups: [{name: A, type: select}]\nrules: [\"RULE-SET,ads,REJECT\"]",
      "rules.0: there is no ads in rule-providers"
    ),
    (
      "proxy-groups: [{name: A, type: select}]\nrules: [\"DOMAIN,x,A\"]",
      "rules.0: must be MATCH: otherwise traffic that matches no rule would bypass the proxy"
    ),
  ])
  func `what is wrong is said with its place`(text: String, message: String) {
    let error = #expect(throws: ProfileTemplateError.self) {
      try ProfileTemplate(text, for: .mihomo)
    }
    #expect(error?.message == message)
  }

  @Test func `aliases of aliases don't fill the memory`() {
    var text = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
    for index in 1...9 {
      text +=
        "a\(index): &a\(index) ["
        + Array(repeating: "*a\(index - 1)", count: 10).joined(separator: ",") + "]\n"
    }
    let error = #expect(throws: ProfileTemplateError.self) {
      try ProfileTemplate(text, for: .clash)
    }
    #expect(error?.reason == "aliases copy too much")
  }

  @Test func `lists of nodes have no template`() {
    for format in [SubscriptionFormat.v2ray, .loon, .quantumultX, .shadowrocket, .sip008, .outline]
    {
      #expect(format.templateSyntax == nil)
      #expect(throws: ProfileTemplateError.self) { try ProfileTemplate("", for: format) }
    }
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
