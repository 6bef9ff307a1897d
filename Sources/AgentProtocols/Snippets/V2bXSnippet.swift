import SubscriptionFormats

/// V2bX's configuration. Source: wyx2685/V2bX, example/config.json.
struct V2bXSnippet {
  let settings: NodeServerSettings
  let panel: NodePanel

  /// Nil for protocols that V2bX doesn't serve.
  var text: String? {
    let inbound = settings.inbound
    guard let core = inbound.v2bXCore else { return nil }
    let configuration: DocumentObject = [
      "Log": ["Level": "warning", "Output": ""],
      "Cores": [["Type": .string(core), "Log": ["Level": "warning"]]],
      "Nodes": [.object(node(inbound, core: core))],
    ]
    return JSONWriter.indented(configuration)
  }

  private func node(_ inbound: any InboundSettings, core: String) -> DocumentObject {
    let timeout = 30
    return [
      "Core": .string(core), "ApiHost": .string(panel.url), "ApiKey": .string(panel.token),
      "NodeID": .integer(Int(panel.nodeID)),
      "NodeType": .string(settings.protocolName.rawValue), "Timeout": .integer(timeout),
      "ListenIP": .string(inbound.listener.address), "SendIP": "0.0.0.0",
      "EnableProxyProtocol": false, "EnableTFO": false,
      "CertConfig":
        .object(
          CertificateSnippet(
            tls: inbound.security.tls,
            panel: panel,
            folder: "/etc/V2bX/cert",
            canSign: true
          ).object
        ),
    ]
  }
}
