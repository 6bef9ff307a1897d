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
      "", "anna", "@example.org", "anna@", "anna@example", "anna@@example.org", "a b@example.org", "anna@.org", "anna@example.",
      "anna@example.org\r\nbcc: x@example.org", "<anna@example.org>", "anna@example.org,x@example.org", "anna\u{0}@example.org",
      String(repeating: "a", count: 65) + "@example.org", "a@" + String(repeating: "b", count: 250) + ".org",
    ])
  func `what is no address names its field`(text: String) {
    let error = #expect(throws: InvalidInput.self) { try EmailAddress(text) }
    #expect(error?.violations.map(\.field) == ["email"])
  }

  @Test func `a password has eight characters or more, and is no payload`() throws {
    #expect(try NewPassword("12345678").text == "12345678")
    for text in ["", "1234567", String(repeating: "x", count: 1_025)] {
      let error = #expect(throws: InvalidInput.self) { try NewPassword(text) }
      #expect(error?.violations.map(\.field) == ["password"])
    }
  }
}
