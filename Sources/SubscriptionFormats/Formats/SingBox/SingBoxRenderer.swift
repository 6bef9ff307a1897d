/// Writes configurations of sing-box.
///
/// The configuration needs nothing remote: no rule sets to download. It opens a TUN device, which
/// is how the graphical clients work, and a local proxy port.
struct SingBoxRenderer: DocumentRenderer {
  let version: SubscriptionFormat.SingBoxVersion

  func supports(_ node: ProxyNode) -> Bool {
    !node.usesXHTTP && node.proxy.clientProtocol.isUsable(node, in: self)
  }

  func template(for nodes: [ProxyNode], options: DocumentOptions) -> DocumentTemplate {
    let outbounds = nodes.map { DocumentValue.object(outbound($0)) }
    let configuration: DocumentObject
    if let operators = options.template?.singBox {
      configuration = operators.configuration(outbounds, names: nodes.map(\.name), options: options)
    } else {
      configuration = defaultConfiguration(
        outbounds,
        names: nodes.map { DocumentValue.string($0.name) },
        options: options
      )
    }
    var template = DocumentTemplate()
    JSONWriter(isIndented: true).write(.object(configuration), to: &template)
    template.append(UInt8(ascii: "\n"))
    return template
  }

  private func defaultConfiguration(
    _ outbounds: [DocumentValue],
    names: [DocumentValue],
    options: DocumentOptions
  ) -> DocumentObject {
    let selector: DocumentValue = .string(DocumentNames.selector)
    let fastest: DocumentValue = .string(DocumentNames.fastest)
    let groups: [DocumentValue] = [
      [
        "type": "selector", "tag": selector, "outbounds": .array([fastest] + names + ["direct"]),
        "default": fastest,
      ],
      [
        "type": "urltest", "tag": fastest, "outbounds": .array(names),
        "url": .string(options.delayTestURL), "interval": "5m",
        "tolerance": 50,
      ],
    ]
    return [
      "log": ["level": "warn"],
      "dns": dns(options),
      "inbounds": [
        [
          "type": "tun", "tag": "tun", "address": ["172.19.0.1/30", "fdfe:dcba:9876::1/126"],
          "auto_route": true, "strict_route": true,
        ],
        ["type": "mixed", "tag": "mixed", "listen": "127.0.0.1", "listen_port": 2080],
      ],
      "outbounds": .array(groups + outbounds + [["type": "direct", "tag": "direct"]]),
      "route": .object(route(options)),
      "experimental": ["cache_file": ["enabled": true]],
    ]
  }

  /// Names are resolved at the far end of the proxy; only the nodes' own and the direct ones by the
  /// system's resolver.
  private func dns(_ options: DocumentOptions) -> DocumentValue {
    var rules: [DocumentValue] = []
    let servers: DocumentValue
    let selector: DocumentValue = .string(DocumentNames.selector)
    if version >= .oneTwelve {
      servers = [
        ["type": "https", "tag": "remote", "server": "1.1.1.1", "detour": selector],
        ["type": "local", "tag": "local"],
      ]
    } else {
      servers = [
        ["tag": "remote", "address": "https://1.1.1.1/dns-query", "detour": selector],
        ["tag": "local", "address": "local", "detour": "direct"],
      ]
      rules.append(["outbound": "any", "server": "local"])
    }
    if !options.directDomains.isEmpty {
      rules.append(["domain_suffix": .strings(options.directDomains), "server": "local"])
    }
    return [
      "servers": servers, "rules": .array(rules), "final": "remote", "strategy": "prefer_ipv4",
    ]
  }

  private func route(_ options: DocumentOptions) -> DocumentObject {
    var rules: [DocumentValue] = [
      ["action": "sniff"],
      ["protocol": "dns", "action": "hijack-dns"],
      ["ip_is_private": true, "action": "route", "outbound": "direct"],
    ]
    if !options.directDomains.isEmpty {
      rules.append([
        "domain_suffix": .strings(options.directDomains), "action": "route", "outbound": "direct",
      ])
    }
    var route: DocumentObject = [
      "rules": .array(rules), "final": .string(DocumentNames.selector),
      "auto_detect_interface": true,
    ]
    if version >= .oneTwelve { route.add("default_domain_resolver", "local") }
    return route
  }
}
