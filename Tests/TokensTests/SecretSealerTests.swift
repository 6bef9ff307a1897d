import Testing
import Tokens

@Suite struct SecretSealerTests {
  let sealer = SecretSealer(masterKey: .sample, purpose: "totp")
  let secret = Array("JBSWY3DPEHPK3PXP".utf8)

  @Test func `a sealed secret opens for its purpose and context`() throws {
    let sealed = sealer.seal(secret, context: "account 1")
    #expect(try sealer.open(sealed, context: "account 1") == secret)
    #expect(try sealer.open(sealer.seal([])) == [])
  }

  @Test func `its text form opens too`() throws {
    let sealed = try #require(SealedSecret(base64: sealer.seal(secret).base64))
    #expect(try sealer.open(sealed) == secret)
    #expect(SealedSecret(base64: "*") == nil)
  }

  @Test func `sealing twice gives different bytes, none of them the secret's`() {
    let sealed = sealer.seal(secret)
    #expect(sealed != sealer.seal(secret))
    #expect(!sealed.bytes.contains(secret))
    #expect(sealed.bytes.count == 1 + 12 + secret.count + 16)
  }

  @Test func `another purpose, another context and another master key don't open it`() {
    let sealed = sealer.seal(secret, context: "account 1")
    #expect(throws: SealedSecretError.notAuthentic) {
      try SecretSealer(masterKey: .sample, purpose: "smtp-password").open(
        sealed,
        context: "account 1"
      )
    }
    #expect(throws: SealedSecretError.notAuthentic) {
      try sealer.open(sealed, context: "account 2")
    }
    #expect(throws: SealedSecretError.notAuthentic) {
      try SecretSealer(masterKey: .other, purpose: "totp").open(sealed, context: "account 1")
    }
  }

  @Test func `a flipped bit anywhere is noticed`() {
    let sealed = sealer.seal(secret)
    for position in sealed.bytes.indices {
      var bytes = sealed.bytes
      bytes[position] ^= 1
      let expected: SealedSecretError = position == 0 ? .unknownKeyVersion(0) : .notAuthentic
      #expect(throws: expected) { try sealer.open(SealedSecret(bytes: bytes)) }
    }
  }

  @Test func `what is too short to be sealed is malformed`() {
    #expect(throws: SealedSecretError.malformed) { try sealer.open(SealedSecret(bytes: [])) }
    #expect(throws: SealedSecretError.malformed) {
      try sealer.open(SealedSecret(bytes: Array(sealer.seal([]).bytes.dropLast())))
    }
  }
}
