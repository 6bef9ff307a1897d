import Crypto
import Foundation
import Testing
import Tokens

@Suite struct TokenSignerTests {
  static let noon: Int64 = 1_700_000_000

  static func uuid(_ last: UInt8) -> UUID {
    UUID(uuid: (0x01, 0x9a, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, last))
  }

  let claims = TokenClaims(
    subject: uuid(1),
    session: uuid(2),
    role: "Moderator",
    issuedAt: noon,
    expiresAt: noon + 900,
    identifier: uuid(3)
  )

  func signer(
    _ purpose: TokenPurpose = .admin,
    key: MasterKey = .sample,
    issuer: String = "helium.test"
  ) async -> TokenSigner {
    await TokenSigner(masterKey: key, purpose: purpose, issuer: issuer)
  }

  /// A token with any header and payload, signed by the admin key: what a thief of nothing but the
  /// format could not make.
  func forge(
    header: String,
    payload: String,
    key: SymmetricKey = MasterKey.sample.derive(purpose: "token/admin", bytes: 32)
  ) -> String {
    func encode(_ bytes: some Sequence<UInt8>) -> String {
      Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        .replacing("=", with: "")
    }
    let input = "\(encode(header.utf8)).\(encode(payload.utf8))"
    return "\(input).\(encode(HMAC<SHA256>.authenticationCode(for: Data(input.utf8), using: key)))"
  }

  let payload = """
    {"iss":"helium.test","aud":"helium.admin","sub":"019a0000-0000-7000-8000-000000000001",\
    "iat":1700000000,"exp":1700000900,"jti":"019a0000-0000-7000-8000-000000000003"}
    """

  @Test func `claims come back as they were signed, until the second of expiry`() async throws {
    let signer = await signer()
    let token = try await signer.sign(claims)
    #expect(try await signer.verify(token, now: Self.noon) == claims)
    #expect(try await signer.verify(token, now: Self.noon + 899) == claims)
    await #expect(throws: TokenError.expired) {
      try await signer.verify(token, now: Self.noon + 900)
    }

    let bare = TokenClaims(
      subject: Self.uuid(1),
      issuedAt: Self.noon,
      expiresAt: Self.noon + 1,
      identifier: Self.uuid(4)
    )
    #expect(try await signer.verify(signer.sign(bare), now: Self.noon) == bare)
  }

  /// Signed by another implementation with the key that HKDF gives for this purpose.
  @Test func `tokens of another implementation are read`() async throws {
    let token =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJoZWxpdW0udGVzdCIsImF1ZCI6ImhlbGl1bS5hZG1pbiIsInN1YiI6IjAxOWEwMDAwLTAwMDAt"
      + "NzAwMC04MDAwLTAwMDAwMDAwMDAwMSIsInJvbGUiOiJNb2RlcmF0b3IiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDkwMCwianRpIjoiMDE5YTAwMDAt"
      + "MDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAzIn0.9NAdmACI9sa6BZPVnsdvgA41y9m1W0aoa0_FiOzzSQA"
    let read = try await signer().verify(token, now: Self.noon)
    #expect(read.role == "Moderator")
    #expect(read.subject == Self.uuid(1))
  }

  @Test func `a token is worth nothing for another purpose, issuer or master key`() async throws {
    let token = try await signer().sign(claims)
    for other in [
      await signer(.customerAccess), await signer(.customerRefresh), await signer(key: .other),
    ] {
      await #expect(throws: TokenError.wrongSignature) {
        try await other.verify(token, now: Self.noon)
      }
    }
    let elsewhere = await signer(issuer: "elsewhere")
    await #expect(throws: TokenError.wrongIssuer) {
      try await elsewhere.verify(token, now: Self.noon)
    }
    let otherAudience = await signer(TokenPurpose(name: "admin", audience: "helium.customer"))
    await #expect(throws: TokenError.wrongAudience) {
      try await otherAudience.verify(token, now: Self.noon)
    }
  }

  @Test func `no character of a token can be changed`() async throws {
    let signer = await signer()
    let token = try await signer.sign(claims)
    for position in token.indices where token[position] != "." {
      var changed = token
      changed.replaceSubrange(position...position, with: token[position] == "A" ? "B" : "A")
      await #expect(throws: TokenError.self, "position \(position.utf16Offset(in: token))") {
        try await signer.verify(changed, now: Self.noon)
      }
    }
  }

  @Test(arguments: [
    #"{"alg":"none"}"#, #"{"alg":"None","typ":"JWT"}"#, #"{"alg":"HS512","typ":"JWT"}"#,
    #"{"alg":"EdDSA"}"#, #"{"alg":""}"#,
  ])
  func `another algorithm is refused even with a good signature`(header: String) async {
    let signer = await signer()
    let token = forge(header: header, payload: payload)
    await #expect(throws: TokenError.wrongAlgorithm) {
      try await signer.verify(token, now: Self.noon)
    }
    let unsigned = token.split(separator: ".").prefix(2).joined(separator: ".") + "."
    await #expect(throws: TokenError.wrongAlgorithm) {
      try await signer.verify(unsigned, now: Self.noon)
    }
  }

  @Test func `a good header without a signature is refused`() async throws {
    let signer = await signer()
    let token = try await signer.sign(claims)
    let unsigned = token.split(separator: ".").prefix(2).joined(separator: ".") + "."
    await #expect(throws: TokenError.wrongSignature) {
      try await signer.verify(unsigned, now: Self.noon)
    }
  }

  @Test func `a critical extension is refused`() async {
    let signer = await signer()
    let token = forge(header: #"{"alg":"HS256","crit":["b64"],"b64":false}"#, payload: payload)
    await #expect(throws: TokenError.malformed) { try await signer.verify(token, now: Self.noon) }
  }

  @Test func `the time of issue may be ahead by the clocks' difference only`() async throws {
    let signer = await signer()
    let token = try await signer.sign(claims)
    #expect(try await signer.verify(token, now: Self.noon - TokenSigner.clockSkew) == claims)
    await #expect(throws: TokenError.notYetValid) {
      try await signer.verify(token, now: Self.noon - TokenSigner.clockSkew - 1)
    }
  }

  @Test(arguments: [
    "", ".", "..", "a.b.c", "a.b.c.d", "not a token", String(repeating: "A", count: 3_000),
  ])
  func `other texts are malformed`(text: String) async {
    let signer = await signer()
    await #expect(throws: TokenError.malformed) { try await signer.verify(text, now: Self.noon) }
  }

  @Test(arguments: ["{}", "[]", #"{"iss":"helium.test","aud":["helium.admin"]}"#, "\u{FFFD}"])
  func `a signed payload that lacks claims is malformed`(payload: String) async {
    let signer = await signer()
    let token = forge(header: #"{"alg":"HS256","typ":"JWT"}"#, payload: payload)
    await #expect(throws: TokenError.malformed) { try await signer.verify(token, now: Self.noon) }
  }
}
