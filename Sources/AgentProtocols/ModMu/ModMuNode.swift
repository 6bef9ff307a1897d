import SubscriptionFormats

/// The answer to mod_mu's `nodes/{id}/info`, the way XrayR's SSpanel mode and its relatives talk to
/// a panel.
///
/// Source: SSPanel-UIM 25.1 and XrayR 25.3.6, api/sspanel.
package struct ModMuNode: Sendable, Hashable {
  package var settings: NodeServerSettings
  /// Where customers connect. Agents only show it.
  package var host: String
  /// Mbit/s, or 0 for no limit.
  package var speedLimit: Int

  /// From 2021.11 on XrayR reads `custom_config`, and from 2023.2 on it does not report its load.
  private static let version = "2025.1.0"

  /// - Returns: nil for a protocol or a transport that no agent has in this mode: among them
  ///   Shadowsocks 2022, whose keys XrayR would take from elsewhere.
  package init?(settings: NodeServerSettings, host: String, speedLimit: Int = 0) {
    guard settings.inbound.modMuSort != nil else { return nil }
    self.settings = settings
    self.host = host
    self.speedLimit = speedLimit
  }

  /// The JSON document: the same bytes for equal nodes.
  package func encoded() -> [UInt8] {
    let inbound = settings.inbound
    var config: DocumentObject = ["offset_port_node": .string(String(inbound.listener.port))]
    inbound.addModMu(to: &config)
    return JSONWriter.compact([
      "ret": 1,
      "data": [
        "node_group": 0, "node_class": 0, "node_speedlimit": .integer(speedLimit),
        "traffic_rate": 1,
        "sort": .integer(inbound.modMuSort ?? 0), "server": .string(host),
        "type": "SSPanel-UIM", "version": .string(Self.version),
        "custom_config": .object(config),
      ],
    ])
  }

  /// Network and security of a protocol that has a choice of them.
  static func addStream(_ server: some StreamServer, to config: inout DocumentObject) {
    config.add("network", server.transport.xrayName)
    switch server.transport {
    case .tcp: break
    case .webSocket(let endpoint), .httpUpgrade(let endpoint), .xhttp(let endpoint, _):
      config.add("path", endpoint.path)
    case .grpc(let serviceName):
      config.add("servicename", serviceName)
    }
    switch server.security {
    case .none:
      config.add("host", .optional(server.transport.endpoint?.host))
      config.add("security", "none")
    case .tls(let tls):
      config.add("host", server.transport.endpoint?.host ?? tls.serverName)
      config.add("security", "tls")
    case .reality(let reality):
      config.add("host", reality.serverName)
      config.add("security", "none")
      config.add("enable_reality", true)
      config.add("reality-opts", .object(realityOptions(reality)))
    }
  }

  private static func realityOptions(_ reality: ServerReality) -> DocumentObject {
    let destination =
      reality.destination.utf8.contains(UInt8(ascii: ":"))
      ? "[\(reality.destination)]" : reality.destination
    return [
      "dest": .string("\(destination):\(reality.destinationPort)"),
      "proxy_protocol_ver": .integer(Int(reality.proxyProtocol)),
      "server_names": [.string(reality.serverName)], "private_key": .string(reality.privateKey),
      "min_client_ver": "",
      "max_client_ver": "", "max_time_diff": 0, "short_ids": [.string(reality.shortID)],
    ]
  }
}

/// The answer to mod_mu's `func/detect_rules`.
package enum ModMuRules {
  /// The JSON document of the rules that block; the others mean nothing to these agents.
  package static func encode(_ routes: [NodeRoute]) -> [UInt8] {
    let rules = routes.filter { $0.action == .block }.compactMap { route -> DocumentValue? in
      // V2bX's marks: what begins with the first is no expression, and the second it takes away.
      let expressions = route.match.filter { !$0.hasPrefix("protocol:") }.map {
        $0.hasPrefix("regexp:") ? String($0.dropFirst(7)) : $0
      }
      guard !expressions.isEmpty else { return nil }
      let name: DocumentValue = .string("route \(route.id)")
      return [
        "id": .integer(route.id), "name": name, "text": name,
        "regex": .string(expressions.joined(separator: "|")), "type": 1,
      ]
    }
    return JSONWriter.compact(["ret": 1, "data": .array(rules)])
  }
}
