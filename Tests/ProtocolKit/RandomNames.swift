/// Names as people and attackers choose them: the same in every run.
package enum RandomNames {
  package static let all: [String] = {
    var generator = SplitMix(state: 2022)
    return (0..<200).map { index in
      let length = Int.random(in: 1...24, using: &generator)
      let characters = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "x" }
      // The number keeps names apart, so that a document's names can be compared with these.
      return characters.joined() + String(index)
    }
  }()

  private static let alphabet =
    ##",="'\#:{}[]&*!|>%@`?- ~/aZ0éß"##.map(String.init) + [
      "\n", "\r", "\t", "\u{0}", "\u{1B}", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}", "\u{2029}",
      "\u{FEFF}", "\u{FFFF}", "\u{200B}",
      "🇭🇰", "👩‍👩‍👧", "香港", "e\u{301}", "null", "yes", "<<", "---", "$name",
    ]
}

/// A small generator of pseudo-random numbers (SplitMix64).
package struct SplitMix: RandomNumberGenerator {
  package var state: UInt64

  package init(state: UInt64) {
    self.state = state
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
