import Platform

/// Six digits that prove an address, as they are mailed.
struct RegistrationCode: Hashable, Sendable {
  let text: String

  static let length = 6

  init(_ input: String, field: String = "code") throws(InvalidInput) {
    let text = input.filter { $0 != " " }
    guard text.utf8.count == Self.length,
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else {
      throw InvalidInput(field, "must be the \(Self.length) digits from the mail")
    }
    self.text = text
  }

  /// A new code; four bytes make every one as likely as the others to one part in four thousand.
  init(randomBytes: [UInt8]) {
    precondition(randomBytes.count == 4, "four bytes")
    let digits = String(randomBytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } % 1_000_000)
    text = String(repeating: "0", count: Self.length - digits.count) + digits
  }
}
