import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct QuotaTests {
  @Test(
    arguments: [
      (0, 100, false, 0), (1, 99, false, 10), (99, 1, false, 990), (100, 0, true, 1_000),
      (101, 0, true, 1_000),
    ] as [(Int64, Int64, Bool, Int)]
  )
  func `it is used up with its last byte`(
    used: Int64,
    left: Int64,
    isUsedUp: Bool,
    perMille: Int
  ) {
    let quota = Quota(bought: 100, adjustment: 0, used: used)
    #expect(quota.left == left)
    #expect(quota.isUsedUp == isUsedUp)
    #expect(quota.usedPerMille == perMille)
  }

  @Test(
    arguments: [(0, 100), (50, 150), (-99, 1), (-100, 0), (-101, 0)] as [(Int64, Int64)]
  )
  func `an operator adds to it or takes from it, and never below nothing`(
    adjustment: Int64,
    total: Int64
  ) {
    #expect(Quota(bought: 100, adjustment: adjustment, used: 0).total == total)
  }

  @Test func `a quota of nothing is used up from the start`() {
    let quota = Quota(bought: 100, adjustment: -100, used: 0)
    #expect(quota.isUsedUp && quota.left == 0 && quota.usedPerMille == 1_000)
  }

  @Test func `the largest quota isn't shown as used up before its last byte`() {
    let largest = Package.Spec.largestQuota
    #expect(Quota(bought: largest, adjustment: 0, used: largest - 1).usedPerMille == 999)
    #expect(Quota(bought: largest, adjustment: largest, used: 0).left == 2 * largest)
  }
}

@Suite struct ActiveQuotaTests {
  private static let end = World.noon
  private static let before = end - .microseconds(1)

  /// A package of 100 bytes that ends at noon.
  private static func quota(
    used: Int64 = 0,
    resets: Instant? = nil,
    exhausted: Bool = false
  ) -> ActiveQuota {
    ActiveQuota(
      bytes: Quota(bought: 100, adjustment: 0, used: used),
      expiresAt: end,
      resetsAt: resets,
      exhaustedAt: exhausted ? end - .seconds(60) : nil
    )
  }

  @Test func `it is over at the very moment of its end, and not before`() {
    #expect(Self.quota().reasonToEnd(at: Self.before) == nil)
    #expect(!Self.quota().isDue(at: Self.before))
    #expect(Self.quota().reasonToEnd(at: Self.end) == .expired)
    #expect(Self.quota().isDue(at: Self.end))
  }

  @Test func `without a period to come it is over with its last byte`() {
    #expect(Self.quota(used: 99).reasonToEnd(at: Self.before) == nil)
    #expect(Self.quota(used: 100).reasonToEnd(at: Self.before) == .exhausted)
    #expect(Self.quota(used: 100).isDue(at: Self.before))
    // Its end comes first where both have come.
    #expect(Self.quota(used: 100).reasonToEnd(at: Self.end) == .expired)
  }

  @Test func `with a period to come it waits, and is marked once`() {
    let resets = Self.end - .seconds(1)
    let now = Self.end - .seconds(2)
    let waiting = Self.quota(used: 100, resets: resets)
    #expect(waiting.reasonToEnd(at: now) == nil)
    #expect(waiting.isDueToBeMarked(at: now) && waiting.isDue(at: now))
    let marked = Self.quota(used: 100, resets: resets, exhausted: true)
    #expect(!marked.isDueToBeMarked(at: now) && !marked.isDue(at: now))
    let replenished = Self.quota(used: 99, resets: resets, exhausted: true)
    #expect(replenished.isDueToBeMarked(at: now))
  }

  @Test func `a period that would begin with its end, or after it, doesn't come`() {
    for resets in [Self.end, Self.end + .seconds(1)] {
      let quota = Self.quota(used: 100, resets: resets)
      #expect(quota.reasonToEnd(at: Self.before) == .exhausted)
      #expect(!quota.isDueToReset(at: Self.end))
    }
  }

  @Test func `a period begins at its very moment, and not when the package is over`() {
    let resets = Self.end - .seconds(1)
    let quota = Self.quota(used: 5, resets: resets)
    #expect(!quota.isDueToReset(at: resets - .microseconds(1)))
    #expect(!quota.isDue(at: resets - .microseconds(1)))
    #expect(quota.isDueToReset(at: resets) && quota.isDue(at: resets))
    #expect(quota.isDueToReset(at: Self.before))
    #expect(!quota.isDueToReset(at: Self.end))
  }
}
