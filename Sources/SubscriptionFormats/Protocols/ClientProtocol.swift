/// What the clients' documents say about one proxy protocol. Each protocol has a file of its own for
/// it, and `Proxy.clientProtocol` is the table of them.
///
/// A protocol that doesn't mention a format has no clients there: documents of the format leave its
/// nodes out.
protocol ClientProtocol: Sendable {
  /// The clients that learnt the protocol with a certain version.
  static var gates: [ClientGate] { get }

  /// What a client must know to use the protocol as it is set up here.
  var features: NodeFeatures { get }
  /// All texts of the protocol that operators choose.
  var texts: [String] { get }
  /// Whether clients can imitate the TLS handshake of a browser. There is no uTLS for QUIC.
  var canImitateBrowsers: Bool { get }
  /// Whether it carries UDP.
  var carriesDatagrams: Bool { get }
  /// Whether a server without TLS can have TLS in front of it.
  var canGainTLS: Bool { get }

  // Whether clients of a format can use a node of the protocol.
  func isUsable(_ node: ProxyNode, in clash: ClashRenderer) -> Bool
  func isUsable(_ node: ProxyNode, in singBox: SingBoxRenderer) -> Bool
  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool
  func isUsable(_ node: ProxyNode, in surge: SurgeRenderer) -> Bool
  func isUsable(_ node: ProxyNode, in loon: LoonRenderer) -> Bool
  func isUsable(_ node: ProxyNode, in quantumultX: QuantumultXRenderer) -> Bool

  // Writes a node that is usable in a format.
  func write(_ node: ProxyNode, in clash: ClashRenderer, to proxy: inout DocumentObject)
  func write(_ node: ProxyNode, in singBox: SingBoxRenderer, to outbound: inout DocumentObject)
  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate)
  func write(_ node: ProxyNode, in surge: SurgeRenderer, to line: inout FieldLine)
  func write(_ node: ProxyNode, in loon: LoonRenderer, to line: inout FieldLine)
  func write(_ node: ProxyNode, in quantumultX: QuantumultXRenderer, to line: inout FieldLine)
}

extension ClientProtocol {
  static var gates: [ClientGate] { [] }

  var features: NodeFeatures { [] }
  var texts: [String] { [] }
  var canImitateBrowsers: Bool { true }
  var carriesDatagrams: Bool { true }
  var canGainTLS: Bool { false }

  func isUsable(_ node: ProxyNode, in clash: ClashRenderer) -> Bool { false }
  func isUsable(_ node: ProxyNode, in singBox: SingBoxRenderer) -> Bool { false }
  func isUsable(_ node: ProxyNode, in links: ShareLinkRenderer) -> Bool { false }
  func isUsable(_ node: ProxyNode, in surge: SurgeRenderer) -> Bool { false }
  func isUsable(_ node: ProxyNode, in loon: LoonRenderer) -> Bool { false }
  func isUsable(_ node: ProxyNode, in quantumultX: QuantumultXRenderer) -> Bool { false }

  func write(_ node: ProxyNode, in clash: ClashRenderer, to proxy: inout DocumentObject) {}
  func write(_ node: ProxyNode, in singBox: SingBoxRenderer, to outbound: inout DocumentObject) {}
  func write(_ node: ProxyNode, in links: ShareLinkRenderer, to list: inout DocumentTemplate) {}
  func write(_ node: ProxyNode, in surge: SurgeRenderer, to line: inout FieldLine) {}
  func write(_ node: ProxyNode, in loon: LoonRenderer, to line: inout FieldLine) {}
  func write(_ node: ProxyNode, in quantumultX: QuantumultXRenderer, to line: inout FieldLine) {}
}
