/// What a client must support to use a node. Clients that are too old for one of a node's features
/// don't get the node.
struct NodeFeatures: OptionSet, Sendable, Hashable {
  let rawValue: UInt16

  static let trojan = NodeFeatures(rawValue: 1 << 0)
  static let vless = NodeFeatures(rawValue: 1 << 1)
  static let vision = NodeFeatures(rawValue: 1 << 2)
  static let reality = NodeFeatures(rawValue: 1 << 3)
  static let httpUpgrade = NodeFeatures(rawValue: 1 << 4)
  static let xhttp = NodeFeatures(rawValue: 1 << 5)
  static let hysteria2 = NodeFeatures(rawValue: 1 << 6)
  static let tuic = NodeFeatures(rawValue: 1 << 7)
  static let anytls = NodeFeatures(rawValue: 1 << 8)
  static let naive = NodeFeatures(rawValue: 1 << 9)
  static let mieru = NodeFeatures(rawValue: 1 << 10)
  static let shadowsocks2022 = NodeFeatures(rawValue: 1 << 11)
}

extension ProxyNode {
  var features: NodeFeatures { proxy.clientProtocol.features.union(streamFeatures) }

  /// What a client must know of what the protocol runs over.
  var streamFeatures: NodeFeatures {
    var features: NodeFeatures = []
    switch transport {
    case .httpUpgrade: features.insert(.httpUpgrade)
    case .xhttp: features.insert(.xhttp)
    case .tcp, .webSocket, .grpc: break
    }
    if case .reality = security { features.insert(.reality) }
    return features
  }

  var usesReality: Bool {
    if case .reality = security { true } else { false }
  }

  var usesXHTTP: Bool {
    if case .xhttp = transport { true } else { false }
  }

  var isWebSocket: Bool {
    if case .webSocket = transport { true } else { false }
  }

  /// Whether its transport is one that nearly every client has.
  var isTCPOrWebSocket: Bool {
    switch transport {
    case .tcp, .webSocket: true
    case .httpUpgrade, .grpc, .xhttp: false
    }
  }
}
