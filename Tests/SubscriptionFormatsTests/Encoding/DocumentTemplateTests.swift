import Foundation
import ProtocolKit
import Testing

@testable import SubscriptionFormats

@Suite struct DocumentTemplateTests {
  @Test func `a template that is base64 in parts is filled as if it were encoded whole`() {
    var generator = SplitMix(state: 3)
    for _ in 0..<2_000 {
      var plain = DocumentTemplate()
      for _ in 0..<Int.random(in: 0...6, using: &generator) {
        switch Int.random(in: 0...4, using: &generator) {
        case 0: plain.append(.uuid)
        case 1: plain.append(.shadowsocksPassword(.blake3AES128GCM, serverKey: nil))
        case 2:
          plain.append(percentEncoding: .shadowsocksPassword(.blake3AES256GCM, serverKey: "k"))
        case 3: plain.append(Bool.random(using: &generator) ? .standard : .url, of: .login)
        default:
          plain.append(String(repeating: "x", count: Int.random(in: 0...7, using: &generator)))
        }
      }
      let base64 = Bool.random(using: &generator) ? Base64.standard : .url
      var encoded = DocumentTemplate()
      encoded.append("<")
      encoded.append(base64, of: plain)
      encoded.append(">")
      var expected: [UInt8] = [UInt8(ascii: "<")]
      base64.append(plain.filled(with: Samples.credential), to: &expected)
      expected.append(UInt8(ascii: ">"))
      #expect(encoded.filled(with: Samples.credential) == expected)
    }
  }

  @Test(arguments: [true, false])
  func `secrets have the length that they are said to have`(percentEncoded: Bool) {
    for credential in [Samples.credential, Samples.otherCredential]
      + (0..<200).map({ _ in Credential(uuid: UUID()) })
    {
      let text = CredentialText(credential)
      for secret in [Secret.uuid, .shadowsocksKey(length: 16), .shadowsocksKey(length: 32)] {
        #expect(
          text.bytes(of: secret, percentEncoded: percentEncoded).count
            == secret.length(percentEncoded: percentEncoded)
        )
      }
    }
  }

  @Test func `base64 of what may be left out is encoded whole`() {
    var inner = DocumentTemplate()
    inner.append(.uuid)
    inner.appendLink(prefix: "a ", suffix: "\n")
    inner.append(.uuid)
    var outer = DocumentTemplate()
    outer.append(.standard, of: inner)
    let uuid = "2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31"
    #expect(
      Data(base64Encoded: Data(outer.filled(with: Samples.credential))) == Data((uuid + uuid).utf8)
    )
    #expect(
      Data(base64Encoded: Data(outer.filled(with: Samples.credential, link: "l")))
        == Data("\(uuid)a l\n\(uuid)".utf8)
    )
  }
}

extension DocumentTemplate {
  /// What the documents of one template, and of it with all its places twice, agree on.
  fileprivate func filled(with credential: Credential, link: String? = nil) -> [UInt8] {
    let once = FillableDocument(self).filled(with: credential, link: link)
    var twice = self
    twice.append(self)
    #expect(FillableDocument(twice).filled(with: credential, link: link) == once + once)
    return once
  }
}
