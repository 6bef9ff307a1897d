import Testing

@testable import AMQP

@Suite struct DeliveryLedgerTests {
  private func ledger(_ count: UInt64) -> DeliveryLedger {
    var ledger = DeliveryLedger()
    for tag in 1...count { ledger.delivered(tag) }
    return ledger
  }

  @Test func `acks without a gap are one frame`() {
    var ledger = ledger(5)
    for tag: UInt64 in [2, 1, 3] { #expect(ledger.ack(tag) == true) }
    #expect(ledger.flush() == [.init(tag: 3, multiple: true)])
    #expect(ledger.outstanding == 2)
    #expect(ledger.flush() == [])
  }

  @Test func `an ack behind a delivery in hand never settles it`() {
    var ledger = ledger(5)
    for tag: UInt64 in [1, 2, 4, 5] { _ = ledger.ack(tag) }
    #expect(
      ledger.flush() == [
        .init(tag: 2, multiple: true), .init(tag: 4, multiple: false),
        .init(tag: 5, multiple: false),
      ]
    )
    #expect(ledger.outstanding == 1)
    #expect(ledger.ack(3) == true)
    #expect(ledger.flush() == [.init(tag: 3, multiple: false)])
    #expect(ledger.outstanding == 0)
  }

  @Test func `a multiple ack passes over what was nacked`() {
    var ledger = ledger(4)
    #expect(ledger.nack(2) == true)
    for tag: UInt64 in [1, 3] { _ = ledger.ack(tag) }
    #expect(ledger.flush() == [.init(tag: 3, multiple: true)])
    #expect(ledger.outstanding == 1)
  }

  @Test func `a delivery is settled once`() {
    var ledger = ledger(2)
    #expect(ledger.ack(1) == true)
    #expect(ledger.ack(1) == false)
    #expect(ledger.nack(1) == false)
    _ = ledger.flush()
    #expect(ledger.ack(1) == false)
    #expect(ledger.nack(2) == true)
    #expect(ledger.ack(2) == false)
    #expect(ledger.ack(3) == false)
    #expect(ledger.flush() == [])
  }

  @Test func `random settling tells the broker of every delivery exactly once`() {
    var ledger = DeliveryLedger()
    var random = SystemRandomNumberGenerator()
    // What the broker believes: the tags it counts as unsettled.
    var atBroker: Set<UInt64> = []
    var inHand: [UInt64] = []
    var wanted: Set<UInt64> = []
    var next: UInt64 = 1
    for _ in 0..<5_000 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5 where inHand.count < 50:
        ledger.delivered(next)
        atBroker.insert(next)
        inHand.append(next)
        next += 1
      case 5..<8:
        guard let tag = inHand.randomElement(using: &random) else { break }
        inHand.removeAll { $0 == tag }
        wanted.insert(tag)
        #expect(ledger.ack(tag) == true)
      case 8:
        guard let tag = inHand.randomElement(using: &random) else { break }
        inHand.removeAll { $0 == tag }
        #expect(ledger.nack(tag) == true)
        #expect(atBroker.remove(tag) != nil)
      default:
        for frame in ledger.flush() {
          let settled: Set<UInt64> =
            frame.multiple ? atBroker.filter { $0 <= frame.tag } : [frame.tag]
          #expect(settled.isSubset(of: wanted), "only what was acked")
          #expect(
            settled.isSubset(of: atBroker),
            "a tag that is settled already closes the channel"
          )
          atBroker.subtract(settled)
          wanted.subtract(settled)
        }
        #expect(wanted.isEmpty)
        #expect(atBroker == Set(inHand))
        #expect(ledger.outstanding == inHand.count)
      }
    }
  }
}
