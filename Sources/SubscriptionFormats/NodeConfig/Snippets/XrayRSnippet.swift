/// XrayR's configuration. Source: XrayR 25.3.6, release/config/config.yml.example.
struct XrayRSnippet {
  let settings: NodeServerSettings
  let panel: NodePanel

  /// Nil for protocols that XrayR doesn't serve.
  var text: String? {
    guard let nodeType else { return nil }
    let profile: DocumentObject = [
      "Log": ["Level": "warning"],
      "Nodes": [
        [
          "PanelType": "NewV2board", "ApiConfig": .object(api(nodeType)),
          "ControllerConfig": .object(controller),
        ]
      ],
    ]
    var template = DocumentTemplate()
    YAMLWriter().write(profile, to: &template)
    return String(decoding: template.literals, as: UTF8.self)
  }

  private var nodeType: String? {
    switch settings {
    case .shadowsocks(let server):
      if case .webSocket = server.plugin { nil } else { "Shadowsocks" }
    case .vmess, .vless: "V2ray"
    case .trojan: "Trojan"
    case .hysteria2, .tuic, .anytls, .socks, .http, .naive, .mieru: nil
    }
  }

  /// Longer than the node API takes for anything: XrayR sends traffic again when it hears nothing.
  private static let timeout = 30

  private func api(_ nodeType: String) -> DocumentObject {
    var api: DocumentObject = [
      "ApiHost": .string(panel.url), "ApiKey": .string(panel.token),
      "NodeID": .integer(Int(panel.nodeID)), "NodeType": .string(nodeType),
      "Timeout": .integer(Self.timeout),
    ]
    if case .vless(let server) = settings {
      api.add("EnableVless", true)
      api.add("VlessFlow", server.flow?.rawValue ?? "")
    }
    return api
  }

  private var controller: DocumentObject {
    var controller: DocumentObject = [
      "ListenIP": .string(settings.inbound.listener.address), "SendIP": "0.0.0.0",
      "UpdatePeriodic": 60, "EnableDNS": false,
      "DNSType": "AsIs", "EnableProxyProtocol": false,
    ]
    // REALITY's keys come from the panel, unless these say otherwise.
    controller.add("DisableLocalREALITYConfig", true)
    controller.add("EnableREALITY", false)
    controller.add(
      "CertConfig",
      .object(
        CertificateSnippet(
          tls: settings.serverTLS,
          panel: panel,
          folder: "/etc/XrayR/cert",
          canSign: false
        ).object
      )
    )
    return controller
  }
}
