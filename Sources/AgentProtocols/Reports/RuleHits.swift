/// Which of a node's rules whose traffic met, and how often.
package struct RuleHits: Hashable, Sendable {
  package let counts: [Hit: Int]

  package struct Hit: Hashable, Sendable {
    package let rule: Int32
    package let user: Int32
  }

  /// Of one report: every user of a large node meets a rule. More are left out.
  package static let maxHits = 10_000

  /// Reads mod_mu's `{"data": [{"list_id": rule, "user_id": id}, …]}`; throws where the body isn't
  /// such JSON at all.
  package init(modMu body: [UInt8]) throws(MalformedReport) {
    var counts: [Hit: Int] = [:]
    try JSONScanner.readData(of: body) { scanner throws(JSONScanner.Failure) in
      let numbers = try scanner.wholeNumbers(named: ["list_id", "user_id"])
      guard let rule = numbers[0].flatMap({ Int32(exactly: $0) }),
        let user = numbers[1].flatMap({ Int32(exactly: $0) })
      else { return }
      let hit = Hit(rule: rule, user: user)
      guard user >= NodeUser.firstID, counts.count < Self.maxHits || counts[hit] != nil
      else { return }
      counts[hit, default: 0] += 1
    }
    self.counts = counts
  }
}
