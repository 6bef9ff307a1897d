import Synchronization
import UnixSignals

/// SIGINT and SIGTERM of `helium dev`: before there are workers they end the start, afterwards
/// whoever stops the workers is told.
final class DevSignals: Sendable {
  private let listener = Mutex<AsyncStream<Void>.Continuation?>(nil)

  /// A signal came before anybody asked for them.
  struct Interrupted: Error {}

  /// Traps the signals until cancelled.
  func listen() async throws(Interrupted) {
    for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
      guard let listener = listener.withLock({ $0 }) else { throw Interrupted() }
      listener.yield()
    }
  }

  /// From now on signals arrive here.
  func requests() -> AsyncStream<Void> {
    let (requests, continuation) = AsyncStream<Void>.makeStream()
    listener.withLock { $0 = continuation }
    return requests
  }
}
