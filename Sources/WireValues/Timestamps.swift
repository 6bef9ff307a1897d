package import Platform
package import SwiftProtobuf

extension Google_Protobuf_Timestamp {
  package init(_ instant: Instant) {
    let seconds = instant.seconds
    self.init(seconds: seconds, nanos: Int32((instant.microseconds - seconds * 1_000_000) * 1_000))
  }

  /// The instant, to the microsecond.
  package var instant: Instant {
    Instant(microseconds: seconds * 1_000_000 + Int64(nanos) / 1_000)
  }
}
