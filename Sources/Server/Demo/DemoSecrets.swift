import Crypto
import Platform
import Telecom
import Tokens

/// The secrets of the demo data. They are derived from the master key, so that every run knows them
/// without storing them.
struct DemoSecrets: Sendable {
  private let masterKey: MasterKey

  init(_ masterKey: MasterKey) {
    self.masterKey = masterKey
  }

  /// 72 bits: 12 characters that can still be typed.
  private static let passwordBytes = 9

  var apiKey: String { text("demo.api_key", bytes: OpaqueToken.length) }
  var password: String { text("demo.password", bytes: Self.passwordBytes) }

  func nodeToken(_ id: NodeServer.ID) -> String {
    text("demo.node_token.\(id)", bytes: OpaqueToken.length)
  }

  private func text(_ purpose: String, bytes: Int) -> String {
    masterKey.derive(purpose: purpose, bytes: bytes).withUnsafeBytes { [UInt8]($0) }.base64URL
  }
}
