import Platform

/// A mail address as it is stored: trimmed, in lower case.
struct EmailAddress: Hashable, Sendable {
  let text: String

  /// The longest path of RFC 5321, section 4.5.3.1.3, without its brackets.
  static let longest = 254

  init(_ input: String, field: String = "email") throws(InvalidInput) {
    let text = String(
      input.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
    ).lowercased()
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    let isMalformed =
      parts.count != 2 || parts[0].isEmpty || parts[0].utf8.count > 64 || !parts[1].contains(".")
      || parts[1].hasPrefix(".")
      || parts[1].hasSuffix(".") || text.utf8.count > Self.longest
      || text.unicodeScalars.contains {
        $0.value <= 0x20 || $0.value == 0x7F || "<>()[],;:\\\"".unicodeScalars.contains($0)
      }
    if isMalformed { throw InvalidInput(field, "must be a mail address, e.g. anna@example.org") }
    self.text = text
  }
}

/// A password that may be set.
struct NewPassword: Sendable {
  let text: String

  /// Shorter ones are guessed.
  static let shortest = 8
  /// `aaaaaaaa` and `12121212` are among the first that are guessed.
  static let fewestDifferent = 4
  /// Longer ones cost the server more than they add.
  static let longestBytes = 1_024

  /// - Parameter email: of the account that it is for; a password that only repeats it is the first
  ///   that is guessed.
  init(_ text: String, for email: EmailAddress? = nil, field: String = "password")
    throws(InvalidInput)
  {
    guard text.count >= Self.shortest, text.utf8.count <= Self.longestBytes else {
      throw InvalidInput(
        field,
        "must have \(Self.shortest) or more characters, and at most \(Self.longestBytes) bytes"
      )
    }
    guard Set(text).count >= Self.fewestDifferent else {
      throw InvalidInput(field, "must have \(Self.fewestDifferent) or more different characters")
    }
    if let email, [email.text, String(email.text.prefix { $0 != "@" })].contains(text.lowercased())
    {
      throw InvalidInput(field, "must not be the mail address")
    }
    self.text = text
  }
}

/// A password as somebody types it to log in.
struct TypedPassword: Sendable {
  let text: String

  init(_ text: String, field: String = "password") throws(InvalidInput) {
    guard (1...NewPassword.longestBytes).contains(text.utf8.count) else {
      throw InvalidInput(field, "must have 1 to \(NewPassword.longestBytes) bytes")
    }
    self.text = text
  }
}
