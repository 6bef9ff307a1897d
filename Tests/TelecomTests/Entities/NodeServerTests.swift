import AgentProtocols
import Crypto
import FieldViolations
import FoundationEssentials
import Platform
import SubscriptionFormats
import Testing
import WorldKit

@testable import Telecom

@Suite struct NodeServerTests {
  private let ids = IdentifierSource(clock: .system)

  private func violations(_ body: () throws -> Void) -> [String] {
    do {
      try body()
      return []
    } catch let error as InvalidInput {
      return error.violations.map(\.field)
    } catch {
      return ["\(error)"]
    }
  }

  @Test func `every wrong field is named at once, by its place in the request`() {
    let reality = ServerReality(
      serverName: "not a host",
      privateKey: "short",
      publicKey: "",
      shortID: "xyz"
    )
    let fields = violations {
      _ = try NodeServer.Spec(
        name: "",
        settings: .vless(
          VLESSServer(listener: Listener(address: "here", port: 0), security: .reality(reality))
        ),
        factorThousandths: 1_000_001,
        pushInterval: 4,
        pullInterval: 3_601
      )
    }
    #expect(
      fields.starts(with: [
        "name", "factor_thousandths", "push_interval_seconds", "pull_interval_seconds",
      ])
    )
    #expect(
      Set(fields.dropFirst(4)).isSuperset(of: [
        "settings.listen_ip", "settings.server_port", "settings.vless.reality.server_name",
        "settings.vless.reality.private_key",
        "settings.vless.reality.short_id",
      ])
    )
  }

  @Test func `a request's reader puts the name of its message in front`() {
    #expect(
      violations { _ = try reading("spec") { try NodeServer.Spec.shadowsocks(name: "") } } == [
        "spec.name"
      ]
    )
  }

  @Test(arguments: [0, 1, 1_000_000] as [Int32])
  func `a factor is 0 to 1000`(factor: Int32) throws {
    #expect(try NodeServer.Spec.shadowsocks(factor: factor).factorThousandths == factor)
    #expect(
      violations { _ = try NodeServer.Spec.shadowsocks(factor: -1) } == ["factor_thousandths"]
    )
  }

  @Test(arguments: [
    (ShadowsocksCipher.blake3AES128GCM, 16 as Int?), (.blake3AES256GCM, 32), (.aes128GCM, nil),
    (.chacha20Poly1305, nil),
  ])
  func `a missing Shadowsocks key is made with the length of its cipher`(
    cipher: ShadowsocksCipher,
    length: Int?
  ) throws {
    let settings = NodeServerSettings.shadowsocks(
      ShadowsocksServer(listener: Listener(port: 1), cipher: cipher, serverKey: nil)
    )
    let completed = settings.completed(from: nil, using: ids)
    guard case .shadowsocks(let server) = completed else { return #expect(Bool(false)) }
    #expect(server.serverKey.flatMap { Data(base64Encoded: $0)?.count } == length)
    try completed.validate()
    #expect(length == nil || completed != settings.completed(from: nil, using: ids))
  }

  @Test func `a stored key stays where it fits and is replaced where it does not`() {
    func settings(_ cipher: ShadowsocksCipher, _ key: String? = nil) -> NodeServerSettings {
      .shadowsocks(ShadowsocksServer(listener: Listener(port: 1), cipher: cipher, serverKey: key))
    }
    let stored = settings(.blake3AES128GCM).completed(from: nil, using: ids)
    #expect(settings(.blake3AES128GCM).completed(from: stored, using: ids) == stored)
    #expect(
      settings(.blake3AES256GCM).completed(from: stored, using: ids).inbound.violations.isEmpty
    )
  }

  @Test func `a missing REALITY key pair and short id are made, and the keys belong together`()
    throws
  {
    let completed = try NodeServer.Spec.reality().settings.completed(from: nil, using: ids)
    guard case .vless(let server) = completed, case .reality(let reality) = server.security else {
      return #expect(Bool(false))
    }
    try completed.validate()
    let privateKey = try Curve25519.KeyAgreement.PrivateKey(
      rawRepresentation: try #require([UInt8](base64URL: reality.privateKey))
    )
    #expect([UInt8](privateKey.publicKey.rawRepresentation).base64URL == reality.publicKey)
    #expect(reality.shortID.count == 16)
    #expect(
      try NodeServer.Spec.reality().settings.completed(from: completed, using: ids) == completed
    )
  }

  /// The key pair of RFC 7748, section 6.1 (Alice).
  @Test func `a public key is computed from the private one`() {
    let privateKey: [UInt8] = [
      0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d, 0x3c, 0x16, 0xc1, 0x72, 0x51, 0xb2, 0x66,
      0x45,
      0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0, 0x99, 0x2a, 0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9, 0x2c,
      0x2a,
    ]
    let publicKey: [UInt8] = [
      0x85, 0x20, 0xf0, 0x09, 0x89, 0x30, 0xa7, 0x54, 0x74, 0x8b, 0x7d, 0xdc, 0xb4, 0x3e, 0xf7,
      0x5a,
      0x0d, 0xbf, 0x3a, 0x0d, 0x26, 0x38, 0x1a, 0xf4, 0xeb, 0xa4, 0xa9, 0x8e, 0xaa, 0x9b, 0x4e,
      0x6a,
    ]
    #expect(RealityKeys.publicKey(of: privateKey.base64URL) == publicKey.base64URL)
    #expect(RealityKeys.publicKey(of: "no key") == nil)
  }

  @Test func `a node's token is stored as a hash that its text alone makes`() {
    let token = NodeToken(using: ids)
    #expect(token.text.count == 43)
    #expect(NodeToken(sent: token.text).hash == token.hash)
    #expect(NodeToken(sent: token.text + "=").hash != token.hash)
    #expect("\(token)" == "NodeToken")
  }

  @Test func `a client's wrong fields are named`() {
    let fields = violations {
      _ = try NodeClient.Spec(
        server: 0,
        name: "a\nb",
        host: "not a host",
        port: 65_536,
        region: String(repeating: "x", count: 51),
        tags: ["ok", ""],
        groups: [.first, .first]
      )
    }
    #expect(fields == ["server_id", "name", "host", "port", "region", "tags[1]", "group_ids"])
  }

  @Test func `a package's wrong fields are named`() {
    let fields = violations {
      _ = try Package.Spec(
        name: " ",
        quotaBytes: 0,
        durationSeconds: 0,
        deviceLimit: 0,
        speedLimit: 0,
        group: .first
      )
    }
    #expect(
      fields == ["name", "quota_bytes", "duration_seconds", "device_limit", "speed_limit_mbps"]
    )
  }
}
