/// V2bX's configuration. Source: wyx2685/V2bX, example/config.json.
struct V2bXSnippet {
  let settings: NodeServerSettings
  let panel: NodePanel

  /// Nil for protocols that V2bX doesn't serve.
  var text: String? {
    guard let core else { return nil }
    let configuration: DocumentObject = [
      "Log": ["Level": "warning", "Output": ""],
      "Cores": [["Type": .string(core), "Log": ["Level": "warning"]]],
      "Nodes": [.object(node(core))],
    ]
    return JSONWriter.indented(configuration)
  }

  /// The core that serves the protocol.
  private var core: String? {
    switch settings {
    case .shadowsocks(let server): server.plugin == nil ? "xray" : nil
    case .vmess, .vless, .trojan: "xray"
    case .hysteria2, .tuic, .anytls: "sing"
    case .socks, .http, .naive, .mieru: nil
    }
  }

  private func node(_ core: String) -> DocumentObject {
    let timeout = 30
    return [
      "Core": .string(core), "ApiHost": .string(panel.url), "ApiKey": .string(panel.token),
      "NodeID": .integer(Int(panel.nodeID)),
      "NodeType": .string(settings.protocolName.rawValue), "Timeout": .integer(timeout),
      "ListenIP": .string(settings.inbound.listener.address), "SendIP": "0.0.0.0",
      "EnableProxyProtocol": false, "EnableTFO": false,
      "CertConfig":
        .object(
          CertificateSnippet(
            tls: settings.serverTLS,
            panel: panel,
            folder: "/etc/V2bX/cert",
            canSign: true
          ).object
        ),
    ]
  }
}
