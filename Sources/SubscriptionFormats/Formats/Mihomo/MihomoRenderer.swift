/// Writes profiles of mihomo (Clash.Meta).
///
/// The profile needs nothing remote: no rule providers and no rules by GEOIP or GEOSITE, whose databases mihomo would download.
struct MihomoRenderer: DocumentRenderer {
  func supports(_ node: ProxyNode) -> Bool {
    switch (node.proxy, node.transport) {
    case (.vless, _): true
    case (.vmess, .xhttp), (.trojan, .xhttp): false
    case (.vmess, _): !node.usesReality
    default: true
    }
  }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    let names = nodes.map { DocumentValue.string($0.name) }
    let fastest: DocumentValue = .string(DocumentNames.fastest)
    let profile: DocumentObject = [
      "mixed-port": 7890,
      "allow-lan": false,
      "mode": "rule",
      "log-level": "warning",
      "ipv6": true,
      "unified-delay": true,
      "tcp-concurrent": true,
      "profile": ["store-selected": true, "store-fake-ip": true],
      "dns": dns(options),
      "proxies": .array(nodes.map { .object(proxy($0)) }),
      "proxy-groups": [
        ["name": .string(DocumentNames.selector), "type": "select", "proxies": .array([fastest] + names + ["DIRECT"])],
        [
          "name": fastest, "type": "url-test", "url": .string(options.delayTestURL), "interval": 300, "tolerance": 50,
          "proxies": .array(names),
        ],
      ],
      "rules": .strings(rules(options)),
    ]
    var template = DocumentTemplate()
    YAMLWriter().write(profile, to: &template)
    return template
  }

  /// Names are resolved at the far end of the proxy; only the nodes' own names are asked for outside it.
  private func dns(_ options: DocumentOptions) -> DocumentValue {
    [
      "enable": true,
      "ipv6": true,
      "respect-rules": true,
      "enhanced-mode": "fake-ip",
      "fake-ip-range": "198.18.0.1/16",
      "fake-ip-filter": .strings(
        ["*.lan", "*.local", "+.msftconnecttest.com", "+.msftncsi.com"] + options.directDomains.map { "+." + $0 }),
      "default-nameserver": ["223.5.5.5", "1.1.1.1"],
      "nameserver": ["https://1.1.1.1/dns-query", "https://8.8.8.8/dns-query"],
      "proxy-server-nameserver": ["system", "223.5.5.5", "1.1.1.1"],
      "direct-nameserver": ["system"],
    ]
  }

  private func rules(_ options: DocumentOptions) -> [String] {
    options.directDomains.map { "DOMAIN-SUFFIX,\($0),DIRECT" }
      + Self.privateNetworks.map { "\($0.contains(":") ? "IP-CIDR6" : "IP-CIDR"),\($0),DIRECT,no-resolve" }
      + ["MATCH,\(DocumentNames.selector)"]
  }

  /// Addresses that no proxy reaches (RFC 6890).
  private static let privateNetworks = [
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "224.0.0.0/4", "::1/128", "fc00::/7",
    "fe80::/10", "ff00::/8",
  ]
}

extension ProxyNode {
  var usesReality: Bool {
    if case .reality = security { true } else { false }
  }
}
