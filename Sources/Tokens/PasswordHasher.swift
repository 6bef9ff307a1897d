import FoundationEssentials
import NIOPosix
import Synchronization

/// Hashes and verifies passwords with argon2id on threads of its own, so that no event loop waits
/// for it.
package final class PasswordHasher: Sendable {
  /// Longer passwords are refused before any work: far above what people type, and far below what
  /// would cost time to read.
  package static let maximumPasswordBytes = 1024
  /// How many calls may wait per thread: at about 40 ms each the last one waits little more than a
  /// second.
  package static let waitingPerThread = 32

  private let pool: NIOThreadPool
  private let capacity: Int
  private let admitted = Mutex(0)

  /// Starts `threads` threads, by default one per core; memory in use is at most 19 MiB for each.
  ///
  /// - Parameter waiting: how many calls may wait for a thread; one more is refused as
  ///   `overloaded`.
  package init(threads: Int? = nil, waiting: Int? = nil) {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    capacity = threads + (waiting ?? threads * Self.waitingPerThread)
    pool = NIOThreadPool(numberOfThreads: threads)
    pool.start()
  }

  deinit {
    pool.shutdownGracefully { _ in }
  }

  /// Hashes a password with a new salt, into the PHC string format (at most 127 ASCII characters).
  package func hash(_ password: String) async throws(PasswordHasherError) -> String {
    try checkLength(password)
    return try await run { () throws(PasswordHasherError) in try Argon2id.hash(password) }
  }

  /// Whether a password is the one that was hashed.
  package func verify(_ password: String, against hash: String) async throws(PasswordHasherError)
    -> Bool
  {
    try checkLength(password)
    return try await run { () throws(PasswordHasherError) in
      try Argon2id.verify(password, against: hash)
    }
  }

  /// Takes as long as `verify` and returns false, for accounts that don't exist: the time of an
  /// answer must not tell them from others.
  package func verifyAbsent(_ password: String) async throws(PasswordHasherError) -> Bool {
    _ = try await verify(password, against: Self.hashOfNobody)
    return false
  }

  /// Whether a hash was made with costs other than today's, and should be replaced while the
  /// password is known.
  package func needsRehash(_ hash: String) throws(PasswordHasherError) -> Bool {
    guard let answer = Argon2id.needsRehash(hash) else { throw .malformedHash }
    return answer
  }

  /// Ends the threads; calls that wait fail with `cancelled`, running ones finish first.
  package func shutdown() async {
    // The only error is that the pool was shut down before.
    try? await pool.shutdownGracefully()
  }

  /// A well-formed hash with today's costs, which no password is known to verify against.
  package static let hashOfNobody =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdG9mbm9ib2R5MDAwMA$ESIzRFVmd4iZqrvM3e7/ABEiM0RVZneImaq7zN3u/wA"

  private func checkLength(_ password: String) throws(PasswordHasherError) {
    guard password.utf8.count <= Self.maximumPasswordBytes else { throw .passwordTooLong }
  }

  private func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws(PasswordHasherError) -> Value
  ) async throws(PasswordHasherError) -> Value {
    guard !Task.isCancelled else { throw .cancelled }
    try admit()
    defer { admitted.withLock { $0 -= 1 } }
    let result: Result<Value, PasswordHasherError>
    do {
      // A call that is cancelled before it has a thread gives up its turn; once started, it is
      // short enough to finish.
      result = try await pool.runIfActive { () -> Result<Value, PasswordHasherError> in
        do throws(PasswordHasherError) { return .success(try body()) } catch {
          return .failure(error)
        }
      }
    } catch {
      throw .cancelled
    }
    return try result.get()
  }

  private func admit() throws(PasswordHasherError) {
    let hasRoom = admitted.withLock { count in
      guard count < capacity else { return false }
      count += 1
      return true
    }
    guard hasRoom else { throw .overloaded }
  }
}

/// Why a password was neither hashed nor verified.
package enum PasswordHasherError: Error, Hashable {
  /// More calls wait than the hasher admits; try again later.
  case overloaded
  /// The caller was cancelled, or the hasher shut down, before the work began.
  case cancelled
  case passwordTooLong
  /// The stored hash isn't an argon2id hash: a corrupt row, not a wrong password.
  case malformedHash
  case outOfMemory
  /// libsodium found no source of randomness.
  case unavailable
}
