import FieldViolations
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

  @Test func `codes have six digits`() throws {
    #expect(RegistrationCode(randomBytes: [0, 0, 0, 7]).text == "000007")
    #expect(RegistrationCode(randomBytes: [255, 255, 255, 255]).text == "967295")
    #expect(try RegistrationCode("123 456").text == "123456")
  }
}
