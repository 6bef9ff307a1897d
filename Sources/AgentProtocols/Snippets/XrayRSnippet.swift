import SubscriptionFormats

/// XrayR's configuration. Source: XrayR 25.3.6, release/config/config.yml.example.
struct XrayRSnippet {
  let settings: NodeServerSettings
  let panel: NodePanel

  /// Nil for protocols that XrayR doesn't serve.
  var text: String? {
    let inbound = settings.inbound
    guard let nodeType = inbound.xrayRNodeType else { return nil }
    var api = api(nodeType)
    inbound.addXrayR(to: &api)
    let profile: DocumentObject = [
      "Log": ["Level": "warning"],
      "Nodes": [
        [
          "PanelType": "NewV2board", "ApiConfig": .object(api),
          "ControllerConfig": .object(controller(inbound)),
        ]
      ],
    ]
    return YAMLWriter.text(profile)
  }

  /// Longer than any answer of the node API takes, since XrayR sends traffic again if it gets no
  /// answer.
  private static let timeout = 30

  private func api(_ nodeType: String) -> DocumentObject {
    [
      "ApiHost": .string(panel.url), "ApiKey": .string(panel.token),
      "NodeID": .integer(Int(panel.nodeID)), "NodeType": .string(nodeType),
      "Timeout": .integer(Self.timeout),
    ]
  }

  private func controller(_ inbound: any InboundSettings) -> DocumentObject {
    var controller: DocumentObject = [
      "ListenIP": .string(inbound.listener.address), "SendIP": "0.0.0.0",
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
          tls: inbound.security.tls,
          panel: panel,
          folder: "/etc/XrayR/cert",
          canSign: false
        ).object
      )
    )
    return controller
  }
}
