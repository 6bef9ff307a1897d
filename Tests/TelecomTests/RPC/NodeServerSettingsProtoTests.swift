import AgentProtocols
import FieldViolations
import Platform
import SubscriptionFormats
import SwiftProtobuf
import TelecomProtos
import Testing

@testable import Telecom

@Suite struct NodeServerSettingsProtoTests {
  private static let tls = ServerTLS(
    serverName: "a.example.com",
    alpn: ["h2"],
    certificate: .dns(provider: "cloudflare", environment: ["TOKEN": "x"]),
    fingerprint: .browser360,
    allowsInsecure: true
  )
  private static let listener = Listener(address: "0.0.0.0", port: 443)

  static let samples: [NodeServerSettings] = [
    .shadowsocks(
      ShadowsocksServer(
        listener: listener,
        cipher: .blake3AES128GCM,
        serverKey: "AAAAAAAAAAAAAAAAAAAAAA=="
      )
    ),
    .vmess(
      VMessServer(
        listener: listener,
        transport: .webSocket(HTTPEndpoint(path: "/ws", host: "b.example.com")),
        security: .tls(tls)
      )
    ),
    .vmess(
      VMessServer(listener: listener, transport: .xhttp(HTTPEndpoint(path: "/x"), mode: .streamOne))
    ),
    .vless(VLESSServer(listener: listener, flow: .vision, security: .tls(tls))),
    .trojan(
      TrojanServer(listener: listener, transport: .grpc(serviceName: "s"), security: .tls(tls))
    ),
    .hysteria2(
      Hysteria2Server(
        listener: listener,
        tls: tls,
        upMbps: 10,
        downMbps: 20,
        obfuscationPassword: "secret"
      )
    ),
    .tuic(
      TUICServer(listener: listener, tls: tls, congestionControl: .newReno, allowsZeroRTT: true)
    ),
    .anytls(AnyTLSServer(listener: listener, tls: tls)),
  ]

  @Test(arguments: samples)
  func `settings come back from their message as they were`(settings: NodeServerSettings) throws {
    #expect(try NodeServerSettings(Helium_Telecom_V1_NodeServerSettings(settings)) == settings)
  }

  @Test func `a private key is never answered`() throws {
    let ids = IdentifierSource(clock: .system)
    let settings = try NodeServer.Spec.reality().settings.completed(from: nil, using: ids)
    let message = Helium_Telecom_V1_NodeServerSettings(settings)
    #expect(message.vless.reality.privateKey.isEmpty)
    #expect(!message.vless.reality.publicKey.isEmpty)
    // What comes back unchanged stays what it was.
    #expect(try NodeServerSettings(message).completed(from: settings, using: ids) == settings)
  }

  @Test func `a request without a protocol or with a port out of range names the field`() {
    func field(_ message: Helium_Telecom_V1_NodeServerSettings) -> [String] {
      do {
        _ = try reading("spec") { try reading("settings") { try NodeServerSettings(message) } }
        return []
      } catch {
        return (error as? InvalidInput)?.violations.map(\.field) ?? []
      }
    }
    #expect(field(.with { $0.serverPort = 70_000 }) == ["spec.settings.server_port"])
    #expect(field(.with { $0.serverPort = 443 }) == ["spec.settings.protocol"])
  }

  @Test func `what an operator leaves out gets the configured value`() throws {
    let message = Helium_Telecom_V1_NodeServerSpec.with {
      $0.name = "Oslo"
      $0.settings = .with {
        $0.serverPort = 8_388
        $0.shadowsocks = .init()
      }
    }
    var defaults = TelecomSettings()
    defaults.pullIntervalSeconds = 30
    defaults.pushIntervalSeconds = 90
    let spec = try NodeServer.Spec(message).filled(
      NodeServer.Spec.Omissions(message),
      from: defaults
    )
    #expect(spec.pushInterval == 90)
    #expect(spec.factorThousandths == 1_000)
    #expect(spec.pullInterval == 30)
    #expect(spec.enabled)
  }

  @Test func `what an operator gives stays as it is`() throws {
    let message = Helium_Telecom_V1_NodeServerSpec.with {
      $0.name = "Oslo"
      $0.settings = .with {
        $0.serverPort = 8_388
        $0.shadowsocks = .init()
      }
      $0.pushIntervalSeconds = 20
      $0.pullIntervalSeconds = 25
    }
    let spec = try NodeServer.Spec(message)
    #expect(spec.filled(NodeServer.Spec.Omissions(message), from: TelecomSettings()) == spec)
    #expect(spec.pushInterval == 20 && spec.pullInterval == 25)
  }
}
