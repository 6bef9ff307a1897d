import CEpoll
import Synchronization

/// Lets a caller that is alone wait for its answer itself for a moment, instead of being suspended
/// and woken through two other threads.
///
/// A prepared statement by key is answered in 20 to 50 us, and each change of thread costs as much
/// again. The caller's thread sleeps in the kernel meanwhile and is lost to other tasks, those of
/// its event loop among them, so it is done by one thread of the process at a time, only while the
/// pool has no other call, never for longer than `patience`, and after a miss not for the next
/// `pause` calls.
enum InlineRead {
  /// In nanoseconds.
  private static let patience = 1_000_000
  private static let pause = 63

  private static let taken = Atomic(false)
  private static let skips = Atomic(0)

  /// True if this thread may wait. It must then call `wait`.
  static func begin() -> Bool {
    if skips.load(ordering: .relaxed) >= 0 {
      skips.wrappingSubtract(1, ordering: .relaxed)
      return false
    }
    return taken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  /// Waits until something can be read from the socket; false if nothing came in time.
  static func wait(_ descriptor: Int32) -> Bool {
    defer { taken.store(false, ordering: .releasing) }
    if CEpoll_wait_readable(descriptor, patience) > 0 { return true }
    skips.store(pause, ordering: .relaxed)
    return false
  }
}
