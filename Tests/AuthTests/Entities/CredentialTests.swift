import Platform
import Testing

@testable import Auth

@Suite struct CredentialTests {
  @Test func `an address is kept trimmed and in lower case`() throws {
    #expect(try EmailAddress("  Anna@Example.ORG\n").text == "anna@example.org")
    #expect(try EmailAddress("anna+tag@mail.example.org").text == "anna+tag@mail.example.org")
  }

  @Test(
    arguments: [
      "", "anna", "@example.org", "anna@", "anna@example", "anna@@example.org", "a b@example.org",
      "anna@.org", "anna@example.",
      "anna@example.org\r\nbcc: x@example.org", "<anna@example.org>",
      "anna@example.org,x@example.org", "anna\u{0}@example.org",
      String(repeating: "a", count: 65) + "@example.org",
      "a@" + String(repeating: "b", count: 250) + ".org",
    ])
  func `what is no address names its field`(text: String) {
    let error = #expect(throws: InvalidInput.self) { try EmailAddress(text) }
    #expect(error?.violations.map(\.field) == ["email"])
  }

  @Test func `a password has eight characters or more, and is no payload`() throws {
    #expect(try NewPassword("12345678").text == "12345678")
    #expect(try NewPassword("пароль-пароль").text == "пароль-пароль")
    for text in ["", "1234567", String(repeating: "x", count: 1_025)] {
      let error = #expect(throws: InvalidInput.self) { try NewPassword(text) }
      #expect(error?.violations.map(\.field) == ["password"])
    }
  }

  @Test(arguments: ["aaaaaaaa", "12121212", "anna@example.org", "Anna@Example.ORG", "anna.smith"])
  func `a password that is guessed first is refused`(text: String) throws {
    let email = try EmailAddress(text.contains("@") ? "anna@example.org" : "anna.smith@example.org")
    let error = #expect(throws: InvalidInput.self) { try NewPassword(text, for: email) }
    #expect(error?.violations.map(\.field) == ["password"])
  }

  @Test(
    arguments: [
      ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"),
      ("2001:db8:1:2:3::4", "20:1:d:b8:0:1:0:2"),
      ("2001:db8:1:2:ffff::", "20:1:d:b8:0:1:0:2"), ("127.0.0.1", nil), ("127.1.2.3", nil),
      ("::1", nil), ("::ffff:127.0.0.1", nil),
      ("", nil), ("unix", nil), ("192.0.2.1:80", nil),
    ] as [(String, String?)]
  )
  func
    `callers are told apart by address, or by the 64 bits that a provider gives, and this machine is no caller`(
      address: String,
      subject: String?
    )
  {
    #expect(ClientNetwork.subject(of: address) == subject)
  }

  @Test func `codes have six digits`() throws {
    #expect(RegistrationCode(randomBytes: [0, 0, 0, 7]).text == "000007")
    #expect(RegistrationCode(randomBytes: [255, 255, 255, 255]).text == "967295")
    #expect(try RegistrationCode("123 456").text == "123456")
  }
}
