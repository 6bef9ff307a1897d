import AgentProtocols
import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

@testable import struct SubscriptionFormats.YAMLReader

@Suite struct NodeSnippetTests {
  private let panel = NodePanel(url: "https://nodes.example.com", token: "t0ken: \"#", nodeID: 7)
  private let users = [
    NodeUser(id: 1001, credential: Samples.credential, speedLimit: 0, deviceLimit: 0)
  ]

  @Test(arguments: NodeSnippet.allCases, Samples.servers.map(\.name))
  func `each server's snippet is as its golden file has it`(snippet: NodeSnippet, name: String)
    throws
  {
    guard let text = snippet.text(for: try Samples.settings(name), panel: panel, users: users)
    else { return }
    try Golden.expect(
      Array(text.utf8),
      equal: "snippets/\(snippet.rawValue)/\(name).\(snippet == .xrayR ? "yml" : "json")"
    )
  }

  @Test func `each program gets what it serves`() throws {
    func served(_ snippet: NodeSnippet) -> Set<String> {
      Set(
        Samples.servers.filter { snippet.text(for: $0.settings, panel: panel) != nil }.map(\.name)
      )
    }
    let all = Set(Samples.servers.map(\.name))
    let quic: Set = ["hysteria2", "hysteria2-obfuscated", "hysteria2-hopping", "tuic", "anytls"]
    let plain: Set = ["socks", "http", "http-tls", "naive"]
    let mieru: Set = ["mieru", "mieru-udp"]
    #expect(
      served(.xrayR)
        == all.subtracting(quic).subtracting(plain).subtracting(mieru).subtracting([
          "shadowsocks-websocket"
        ])
    )
    #expect(
      served(.v2bX)
        == all.subtracting(plain).subtracting(mieru).subtracting([
          "shadowsocks-obfs", "shadowsocks-websocket",
        ])
    )
    #expect(
      served(.singBox)
        == all.subtracting(mieru).subtracting([
          "shadowsocks-obfs", "shadowsocks-websocket", "vless-xhttp-tls",
        ])
    )
  }

  @Test func `a token of any text stays one value`() throws {
    let yaml = try #require(
      NodeSnippet.xrayR.text(for: try Samples.settings("trojan"), panel: panel)
    )
    let nodes = try YAMLReader.read(yaml).object?["Nodes"]?.array
    #expect(nodes?.first?.object?["ApiConfig"]?.object?["ApiKey"]?.text == "t0ken: \"#")
    let json = try #require(
      NodeSnippet.v2bX.text(for: try Samples.settings("trojan"), panel: panel)
    )
    let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(((object["Nodes"] as? [[String: Any]])?.first)?["ApiKey"] as? String == "t0ken: \"#")
  }

  @Test func `a certificate by DNS brings its provider along`() throws {
    let certificate = ServerCertificate.dns(
      provider: "cloudflare",
      environment: ["CF_B": "2", "CF_A": "1"]
    )
    let settings = NodeServerSettings.trojan(
      TrojanServer(
        listener: Samples.listener,
        security: .tls(ServerTLS(serverName: "node.example.com", certificate: certificate))
      )
    )
    let text = try #require(NodeSnippet.xrayR.text(for: settings, panel: panel))
    #expect(text.contains("        CertMode: \"dns\"\n"))
    #expect(text.contains("        DNSEnv:\n          CF_A: \"1\"\n          CF_B: \"2\"\n"))
  }

  /// PyPI's sing-box serves no REALITY, and certificates must be there to be checked.
  @Test(arguments: Samples.servers.map(\.name))
  func `sing-box accepts what it is to serve`(name: String) throws {
    var settings = try Samples.settings(name)
    if settings.usesReality { return }
    try TemporaryFolder.with { folder in
      try Certificate.write(to: folder)
      let certificate = ServerCertificate.file(
        certificate: folder.appending(path: "node.crt").path,
        key: folder.appending(path: "node.key").path
      )
      settings.setCertificate(certificate)
      guard let text = NodeSnippet.singBox.text(for: settings, panel: panel, users: users) else {
        return
      }
      for program in [ClientProgram.singBox112, .singBox113, .singBox114] {
        let outcome = try program.check(Array(text.utf8))
        #expect(outcome.status == 0, "\(program.rawValue): \(outcome.output)")
      }
    }
  }
}

extension NodeServerSettings {
  fileprivate var usesReality: Bool {
    switch self {
    case .vless(let server): if case .reality = server.security { true } else { false }
    case .trojan(let server): if case .reality = server.security { true } else { false }
    default: false
    }
  }

  fileprivate mutating func setCertificate(_ certificate: ServerCertificate) {
    func tls(_ tls: ServerTLS) -> ServerTLS {
      var tls = tls
      tls.certificate = certificate
      return tls
    }
    func security(_ security: ServerSecurity) -> ServerSecurity {
      if case .tls(let old) = security { .tls(tls(old)) } else { security }
    }
    switch self {
    case .shadowsocks, .socks, .mieru: break
    case .vmess(var server):
      server.security = security(server.security)
      self = .vmess(server)
    case .vless(var server):
      server.security = security(server.security)
      self = .vless(server)
    case .trojan(var server):
      server.security = security(server.security)
      self = .trojan(server)
    case .hysteria2(var server):
      server.tls = tls(server.tls)
      self = .hysteria2(server)
    case .tuic(var server):
      server.tls = tls(server.tls)
      self = .tuic(server)
    case .anytls(var server):
      server.tls = tls(server.tls)
      self = .anytls(server)
    case .http(var server):
      server.tls = server.tls.map(tls)
      self = .http(server)
    case .naive(var server):
      server.tls = tls(server.tls)
      self = .naive(server)
    }
  }
}

/// A certificate for `node.example.com`, which nobody trusts, and its key.
private enum Certificate {
  static func write(to folder: URL) throws {
    let pair = try ClientProgram.singBox114.run(["generate", "tls-keypair", "node.example.com"])
      .output
    let start = try #require(pair.range(of: "-----BEGIN CERTIFICATE-----"))
    try Data(pair[..<start.lowerBound].utf8).write(to: folder.appending(path: "node.key"))
    try Data(pair[start.lowerBound...].utf8).write(to: folder.appending(path: "node.crt"))
  }
}
