import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

@Suite struct SurgeTemplateTests {
  private static let profile = """
    #!MANAGED-CONFIG https://old.example.com
    [General]
    loglevel = notify
    # A comment, and a value with a bracket.
    ipv6 = false

    [Proxy]
    Own = socks5, 127.0.0.1, 1080

    [Proxy Group]
    Select = select, Auto, Hong Kong, Japan, Own, $nodes, DIRECT
    Auto = url-test, url=http://www.gstatic.com/generate_204, interval=300
    Hong Kong = fallback, "/^HK{1,2}/", interval=600
    Japan = select, /^JP/
    Far = select, policy-path=https://example.com/list

    [Rule]
    DOMAIN-SUFFIX,example.jp,Japan // far
    AND,((DOMAIN,a.example.com),(PROTOCOL,UDP)),Hong Kong
    RULE-SET,https://example.com/set,Far
    FINAL,Japan,dns-failed

    [MITM]
    hostname = *.example.com
    """

  @Test(arguments: [SubscriptionFormat.surge, .surfboard])
  func `groups are filled, those without members are gone, and so are their rules`(
    format: SubscriptionFormat
  ) throws {
    let document = try document(
      Self.profile,
      ["HK 1", "US, 1"].map(Samples.shadowsocks(named:)),
      format
    )
    #expect(
      String(decoding: document, as: UTF8.self) == """
        [General]
        loglevel = notify
        # A comment, and a value with a bracket.
        ipv6 = false

        [Proxy]
        Own = socks5, 127.0.0.1, 1080

        HK 1 = ss, node.example.com, 443, encrypt-method=aes-256-gcm, password=2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31, udp-relay=true
        US， 1 = ss, node.example.com, 443, encrypt-method=aes-256-gcm, password=2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31, udp-relay=true

        [Proxy Group]
        Select = select, Auto, Hong Kong, Own, HK 1, US， 1, DIRECT
        Auto = url-test, HK 1, US， 1, url=http://www.gstatic.com/generate_204, interval=300
        Hong Kong = fallback, HK 1, interval=600
        Far = select, policy-path=https://example.com/list

        [Rule]
        DOMAIN-SUFFIX,panel.example.com,DIRECT
        AND,((DOMAIN,a.example.com),(PROTOCOL,UDP)),Hong Kong
        RULE-SET,https://example.com/set,Far
        FINAL,Select,dns-failed

        [MITM]
        hostname = *.example.com

        """
    )
  }

  @Test func `random names stand in a template too`() throws {
    let document = try document(
      Self.profile,
      RandomNames.all.map(Samples.shadowsocks(named:)),
      .surge
    )
    let names = try DocumentReader.nodes(document, .surge).map(\.name)
    #expect(names.count == RandomNames.all.count + 1)
    #expect(Set(names).count == names.count)
    #expect(try DocumentReader.groups(document)["Auto"] == Array(names.dropFirst()))
  }

  @Test(arguments: [
    ("a = b", "line 1: comes before the first [Section]"),
    ("[General]\n[General]", "line 2: [General] appears twice"),
    ("[Proxy Group]\nA", "line 2: must be name = value"),
    (
      "[Proxy Group]\nA = choose",
      "line 2: must begin with the group's type: select, url-test, fallback or load-balance"
    ),
    ("[Proxy Group]\nA = select, B", "line 2: there is no group or node B"),
    ("[Proxy Group]\nA = select, /(/", "line 2: /(/ is not a regular expression"),
    ("[Proxy Group]\nA = select\nA = select", "line 3: the name A is already used"),
    (
      "[Proxy Group]\nA = select",
      "[Rule] must end with FINAL,<group>: otherwise traffic that matches no rule would bypass the proxy"
    ),
    ("[Proxy Group]\nA = select\n[Rule]\nDOMAIN,x,B", "line 4: there is no group or node B"),
    (
      "[Proxy Group]\nA = select\n[Rule]\nDOMAIN,x,A",
      "line 4: [Rule] must end with FINAL,<group>: otherwise traffic that matches no rule would bypass the proxy"
    ),
    ("[General]\na = \u{0}", "line 2: has a control character"),
  ])
  func `what is wrong is said with its place`(text: String, message: String) {
    let error = #expect(throws: ProfileTemplateError.self) {
      try ProfileTemplate(text, for: .surge)
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
