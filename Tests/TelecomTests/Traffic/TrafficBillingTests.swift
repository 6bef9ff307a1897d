import Testing

@testable import Telecom

@Suite struct TrafficBillingTests {
  @Test(
    arguments: [
      (0, 1_000, 0), (1, 1_000, 1), (1, 500, 1), (1, 499, 0), (3, 500, 2), (1_000, 1_500, 1_500),
      (7, 0, 0), (333, 1_001, 333),
      (500, 1_001, 501), (Int64.max, 1_000, Int64.max), (Int64.max, 1_001, Int64.max),
      (Int64.max, 1_000_000, Int64.max),
    ] as [(Int64, Int32, Int64)]
  )
  func `half a byte is rounded up, and nothing overflows`(raw: Int64, factor: Int32, billed: Int64)
  {
    #expect(TrafficBilling.billed(raw, factorThousandths: factor) == billed)
  }

  @Test func `billing is the exact product, rounded once`() {
    for _ in 0..<20_000 {
      let raw = Int64.random(in: 0...(.max)) >> Int64.random(in: 0...62)
      let factor = Int32.random(in: 0...1_000_000)
      let exact = (Int128(raw) * Int128(factor) + 500) / 1_000
      #expect(
        Int128(TrafficBilling.billed(raw, factorThousandths: factor))
          == min(exact, Int128(Int64.max)),
        "\(raw) x \(factor)"
      )
    }
  }

  @Test func `more bytes or a larger factor never cost less`() {
    for _ in 0..<5_000 {
      let raw = Int64.random(in: 0...TrafficBilling.maxRawBytes)
      let factor = Int32.random(in: 0..<1_000_000)
      let billed = TrafficBilling.billed(raw, factorThousandths: factor)
      #expect(TrafficBilling.billed(raw + 1, factorThousandths: factor) >= billed)
      #expect(TrafficBilling.billed(raw, factorThousandths: factor + 1) >= billed)
    }
  }
}
