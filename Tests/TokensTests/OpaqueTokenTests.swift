import Crypto
import Testing
import Tokens

@Suite struct OpaqueTokenTests {
  @Test func `a token is read back from its text`() throws {
    var generator = SystemRandomNumberGenerator()
    let token = OpaqueToken(using: &generator)
    #expect(token.text.utf8.count == 43)
    let read = try #require(OpaqueToken(token.text))
    #expect(read.digest == token.digest)
    #expect(OpaqueToken(using: &generator).digest != token.digest)
    #expect("\(token)" == "OpaqueToken")
  }

  @Test func `the generator decides the token`() {
    var counter = Counter()
    let token = OpaqueToken(using: &counter)
    var again = Counter()
    #expect(OpaqueToken(using: &again).text == token.text)
    #expect(OpaqueToken(using: &again).text != token.text)
  }

  @Test func `the stored digest is the SHA-256 of the 32 bytes`() throws {
    let token = try #require(OpaqueToken("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"))
    #expect(token.digest == Array(SHA256.hash(data: Array(0...31) as [UInt8])))
    let key = MasterKey.sample.derive(purpose: "api-key", bytes: 32)
    #expect(token.digest(keyedBy: key) != token.digest)
    #expect(
      token.digest(keyedBy: key)
        != token.digest(keyedBy: MasterKey.other.derive(purpose: "api-key", bytes: 32))
    )
  }

  @Test(arguments: [
    "", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh+",
    "ÄAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",
    String(repeating: "A", count: 200),
  ])
  func `other texts are no tokens`(text: String) {
    #expect(OpaqueToken(text) == nil)
  }

  /// Not random at all, so that a test knows what comes.
  struct Counter: RandomNumberGenerator {
    var value: UInt64 = 0

    mutating func next() -> UInt64 {
      value &+= 0x9E37_79B9_7F4A_7C15
      return value
    }
  }
}
