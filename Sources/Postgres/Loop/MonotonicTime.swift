import Glibc

/// An instant of the system's monotonic clock, in nanoseconds.
struct MonotonicTime: Hashable, Comparable, Sendable {
  let nanoseconds: UInt64

  static let distantFuture = MonotonicTime(nanoseconds: .max)

  static var now: MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  /// Negative durations count as none; what lies beyond the clock is `distantFuture`.
  func advanced(by duration: Duration) -> MonotonicTime {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return self }
    let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, sumOverflow) = nanoseconds.addingReportingOverflow(whole)
    let (total, totalOverflow) = sum.addingReportingOverflow(UInt64(attoseconds) / 1_000_000_000)
    return overflow || sumOverflow || totalOverflow
      ? .distantFuture : MonotonicTime(nanoseconds: total)
  }

  /// How long ago `earlier` was; 0 if it wasn't: another thread may have looked at the clock after
  /// this one did.
  func nanoseconds(since earlier: MonotonicTime) -> Int64 {
    Int64(clamping: nanoseconds - min(nanoseconds, earlier.nanoseconds))
  }

  /// The same number, which reaches 2^63 after 292 years.
  var signed: Int64 { Int64(clamping: nanoseconds) }

  static func < (a: MonotonicTime, b: MonotonicTime) -> Bool { a.nanoseconds < b.nanoseconds }
}
