import Crypto
import Testing
import Tokens

@Suite struct MasterKeyTests {
  @Test func `a key is read from base64 with white space around it`() throws {
    let key = try MasterKey(base64: " AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n")
    #expect(
      key.derive(purpose: "token/admin", bytes: 32)
        == MasterKey.sample.derive(purpose: "token/admin", bytes: 32)
    )
  }

  @Test func `what is no key is refused with what is wrong`() {
    #expect(throws: MasterKeyError.notBase64) { try MasterKey(base64: "not a key") }
    #expect(throws: MasterKeyError.wrongLength(0)) { try MasterKey(base64: "") }
    #expect(throws: MasterKeyError.wrongLength(3)) { try MasterKey(base64: "AAEC") }
    #expect(MasterKeyError.wrongLength(3).description.contains("head -c 32 /dev/urandom | base64"))
  }

  /// Computed by another implementation, so that a derivation never changes unnoticed and every
  /// stored secret with it.
  @Test(arguments: [
    ("token/admin", "b30c2e27aeaea82f035ed72b2eec2341d1848121f70beddd7b761f34d3fee1a9"),
    ("seal/totp", "8a999d4ab7a4a67c3d1ed441453b516ce79a484caa099cb1fd4cca91c38339f6"),
  ])
  func `derived keys stay what they are`(purpose: String, expected: String) {
    #expect(MasterKey.sample.derive(purpose: purpose, bytes: 32).hex == expected)
  }

  /// RFC 5869 appendix A.1 to A.3.
  @Test(arguments: [HKDFVector.basic, .long, .withoutSaltAndInfo])
  func `HKDF answers the vectors of RFC 5869`(vector: HKDFVector) {
    let key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: vector.keyMaterial),
      salt: vector.salt,
      info: vector.info,
      outputByteCount: vector.length
    )
    #expect(key.hex == vector.output)
  }

  @Test func `a key doesn't show in a description`() {
    #expect("\(MasterKey.sample)" == "MasterKey")
  }
}

struct HKDFVector: Sendable {
  let keyMaterial: [UInt8]
  let salt: [UInt8]
  let info: [UInt8]
  let length: Int
  let output: String

  static let basic = HKDFVector(
    keyMaterial: [UInt8](repeating: 0x0b, count: 22),
    salt: Array(0x00...0x0c),
    info: Array(0xf0...0xf9),
    length: 42,
    output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
  )
  static let long = HKDFVector(
    keyMaterial: Array(0x00...0x4f),
    salt: Array(0x60...0xaf),
    info: Array(0xb0...0xff),
    length: 82,
    output:
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
      + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
  )
  static let withoutSaltAndInfo = HKDFVector(
    keyMaterial: [UInt8](repeating: 0x0b, count: 22),
    salt: [],
    info: [],
    length: 42,
    output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
  )
}

extension SymmetricKey {
  var hex: String {
    withUnsafeBytes { bytes in
      bytes.map { byte in
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0" + text : text
      }.joined()
    }
  }
}

extension MasterKey {
  /// The bytes 0 to 31.
  static let sample: MasterKey = key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
  /// The bytes 1 to 32.
  static let other: MasterKey = key("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=")

  private static func key(_ base64: String) -> MasterKey {
    do { return try MasterKey(base64: base64) } catch {
      preconditionFailure("a sample key is malformed: \(error)")
    }
  }
}
