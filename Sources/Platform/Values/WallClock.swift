import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Tells the time. Tests pass a clock that stands still.
package struct WallClock: Sendable {
  private let read: @Sendable () -> Instant

  package init(_ read: @escaping @Sendable () -> Instant) {
    self.read = read
  }

  package var now: Instant { read() }

  /// The system's real-time clock.
  package static let system = WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }
}

/// A clock that stands until it is moved, for tests.
package final class ManualClock: Sendable {
  private let instant: Mutex<Instant>

  package init(_ instant: Instant) {
    self.instant = Mutex(instant)
  }

  package var clock: WallClock {
    WallClock { self.instant.withLock { $0 } }
  }

  package func advance(by duration: Duration) {
    instant.withLock { $0 = $0 + duration }
  }
}
