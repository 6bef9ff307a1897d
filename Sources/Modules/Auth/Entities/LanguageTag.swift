import Platform

/// The language somebody reads, by the shape of BCP 47's tags.
struct LanguageTag: Hashable, Sendable {
  let text: String

  /// The longest that RFC 5646, section 4.4.1, expects.
  static let longest = 35

  init(_ text: String, field: String = "language") throws(InvalidInput) {
    let subtags = text.split(separator: "-", omittingEmptySubsequences: false)
    let isShaped = subtags.allSatisfy { subtag in
      (1...8).contains(subtag.utf8.count)
        && subtag.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
    guard text.utf8.count <= Self.longest, isShaped, (2...3).contains(subtags[0].utf8.count) else {
      throw InvalidInput(field, "must be a language tag, e.g. en or zh-Hans")
    }
    self.text = text
  }

  private init(known text: String) {
    self.text = text
  }

  static let english = LanguageTag(known: "en")
}
