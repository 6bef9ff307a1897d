package import FoundationEssentials

/// A subscription's secret, the same on every node.
package struct Credential: Sendable, Hashable {
  /// A random (version 4) UUID. Its text is the user or the password of every protocol, and its
  /// first characters are the key of Shadowsocks 2022: a UUID with a time in front would make those
  /// keys guessable.
  package let uuid: UUID

  package init(uuid: UUID) {
    self.uuid = uuid
  }
}

extension Credential {
  /// The UUID's 36 characters, in lower case.
  package var text: String {
    String(decoding: CredentialText.text(of: uuid), as: UTF8.self)
  }

  /// The user's Shadowsocks-2022 key in base64.
  package func shadowsocksKey(length: Int) -> String {
    let key = CredentialText(self).bytes(of: .shadowsocksKey(length: length), percentEncoded: false)
    return String(decoding: key, as: UTF8.self)
  }
}

/// A part of a credential that documents contain.
enum Secret: Sendable, Hashable {
  case uuid
  /// The user's Shadowsocks-2022 key in base64: the first `length` characters of the UUID's text,
  /// as node agents derive it.
  case shadowsocksKey(length: Int)

  /// How many characters it has, whoever's it is: base64 of hexadecimal digits and hyphens has no
  /// `+` and no `/`, only its padding is percent-encoded.
  func length(percentEncoded: Bool) -> Int {
    switch self {
    case .uuid: return 36
    case .shadowsocksKey(let length):
      let padding = (3 - length % 3) % 3
      return Base64.encodedCount(length) + (percentEncoded ? 2 * padding : 0)
    }
  }
}

/// A credential written out, in the forms that documents have it in.
struct CredentialText: Sendable {
  private let uuid: [UInt8]

  init(_ credential: Credential) {
    uuid = Self.text(of: credential.uuid)
  }

  func bytes(of secret: Secret, percentEncoded: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    append(secret, percentEncoded: percentEncoded, to: &bytes)
    return bytes
  }

  /// Appends a secret as it is, or percent-encoded for URIs.
  func append(_ secret: Secret, percentEncoded: Bool, to output: inout [UInt8]) {
    switch secret {
    case .uuid:
      // A UUID's characters are all unreserved.
      output.append(contentsOf: uuid)
    case .shadowsocksKey(let length):
      guard percentEncoded else { return Base64.standard.append(uuid[..<length], to: &output) }
      var key: [UInt8] = []
      Base64.standard.append(uuid[..<length], to: &key)
      PercentEncoding.append(key, to: &output)
    }
  }

  /// The 36 characters of a UUID, in lower case.
  static func text(of uuid: UUID) -> [UInt8] {
    let digits = StaticString("0123456789abcdef")
    var text: [UInt8] = []
    text.reserveCapacity(36)
    withUnsafeBytes(of: uuid.uuid) { bytes in
      for (index, byte) in bytes.enumerated() {
        if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
        text.append(digits.utf8Start[Int(byte >> 4)])
        text.append(digits.utf8Start[Int(byte & 15)])
      }
    }
    return text
  }
}

/// Text of a document that contains secrets.
package struct CredentialString: Sendable {
  enum Part: Sendable {
    case text(String)
    case secret(Secret)
  }

  let parts: [Part]

  static let uuid = CredentialString(parts: [.secret(.uuid)])
  /// User and password of protocols that have both.
  static let login = CredentialString(parts: [.secret(.uuid), .text(":"), .secret(.uuid)])
}
