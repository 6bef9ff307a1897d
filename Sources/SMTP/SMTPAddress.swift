/// A mailbox and the name that people see beside it.
package struct SMTPAddress: Hashable, Sendable {
  /// `local@domain`, without angle brackets.
  package let address: String
  /// Any text but control characters; nil or empty for none.
  package let displayName: String?

  package init(_ address: String, displayName: String? = nil) {
    self.address = address
    self.displayName = displayName
  }

  /// RFC 5321 section 4.5.3.1.
  static let maximumLocalBytes = 64
  static let maximumAddressBytes = 254

  /// Checks both parts. Quoted local parts and address literals exist in the RFCs and nearly
  /// nowhere else, and are refused.
  func validate(field: String) throws(SMTPError) {
    try validateFieldText(displayName ?? "", field: field)
    try validateFieldText(address, field: field)
    func invalid(_ reason: String) -> SMTPError { .invalidField(field, reason: reason) }
    guard address.utf8.count <= Self.maximumAddressBytes else {
      throw invalid("longer than \(Self.maximumAddressBytes) bytes")
    }
    guard address.utf8.allSatisfy({ $0 < 0x80 }) else {
      throw invalid("not ASCII; write an international domain in its xn-- form")
    }
    let parts = address.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw invalid("not one local part, an @ and a domain") }
    guard parts[0].utf8.count <= Self.maximumLocalBytes, isDotted(parts[0], of: isAtomText) else {
      throw invalid("malformed local part")
    }
    guard isDotted(parts[1], of: isDomainText) else { throw invalid("malformed domain") }
  }

  private func isDotted(_ text: Substring, of isAllowed: (UInt8) -> Bool) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0.utf8.allSatisfy(isAllowed)
    }
  }
}

/// `atext` of RFC 5322 section 3.2.3.
private func isAtomText(_ byte: UInt8) -> Bool {
  isDomainText(byte) || "!#$%&'*+/=?^_`{|}~".utf8.contains(byte)
}

private func isDomainText(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"),
    UInt8(ascii: "-"):
    true
  default: false
  }
}

/// Refuses control characters: a line end in a field would begin another field, or end the header.
func validateFieldText(_ text: String, field: String) throws(SMTPError) {
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: throw .invalidField(field, reason: "contains a line end")
    case 0x00..<0x20, 0x7F..<0xA0:
      throw .invalidField(field, reason: "contains a control character")
    default: continue
    }
  }
}
