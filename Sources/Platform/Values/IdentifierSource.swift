package import FoundationEssentials

/// Makes new ids and random values. Tests pass one with a fixed sequence.
package struct IdentifierSource: Sendable {
  private let makeUUID: @Sendable () -> UUID
  private let makeBytes: @Sendable (Int) -> [UInt8]

  package init(uuid: @escaping @Sendable () -> UUID, bytes: @escaping @Sendable (Int) -> [UInt8]) {
    makeUUID = uuid
    makeBytes = bytes
  }

  /// Ids by the system's random numbers and `clock`.
  package init(clock: WallClock) {
    self.init(
      uuid: {
        var generator = SystemRandomNumberGenerator()
        return UUID.version7(at: clock.now, using: &generator)
      },
      bytes: { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      }
    )
  }

  /// A new time-ordered id.
  package func next<Entity>(_ type: Entity.Type = Entity.self) -> Identifier<Entity> {
    Identifier(makeUUID())
  }

  /// `count` bytes nobody can guess.
  package func randomBytes(_ count: Int) -> [UInt8] {
    makeBytes(count)
  }

  /// A UUIDv4, for credentials, which must not reveal when they were made. Source: RFC 9562,
  /// section 5.4.
  package func randomUUID() -> UUID {
    var bytes = makeBytes(16)
    bytes[6] = (bytes[6] & 0x0F) | 0x40
    bytes[8] = (bytes[8] & 0x3F) | 0x80
    return UUID(bytes: bytes)
  }
}

extension UUID {
  /// A UUIDv7: 48 bits of milliseconds, then 12 bits of the millisecond's fraction, then random.
  /// Source: RFC 9562, section 5.7 and 6.2 method 3.
  package static func version7(
    at instant: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> UUID {
    let microseconds = UInt64(max(0, instant.microseconds))
    let (milliseconds, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000)
    let fraction = remainder * 4_096 / 1_000
    let tail = UInt64.random(in: .min ... .max, using: &generator)
    var bytes = [UInt8](repeating: 0, count: 16)
    for index in 0..<6 {
      bytes[index] = UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * index))
    }
    bytes[6] = 0x70 | UInt8(truncatingIfNeeded: fraction >> 8)
    bytes[7] = UInt8(truncatingIfNeeded: fraction)
    for index in 0..<8 { bytes[8 + index] = UInt8(truncatingIfNeeded: tail >> (56 - 8 * index)) }
    bytes[8] = (bytes[8] & 0x3F) | 0x80
    return UUID(bytes: bytes)
  }

  /// The UUID of exactly sixteen bytes.
  package init(bytes: [UInt8]) {
    precondition(bytes.count == 16, "a UUID has sixteen bytes")
    self.init(
      uuid: (
        bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
        bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]
      )
    )
  }
}
