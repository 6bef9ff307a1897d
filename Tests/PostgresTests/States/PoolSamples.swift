@testable import Postgres

/// What a pool lends in its tests.
final class Link: PooledConnection {
  let expiresAt: MonotonicTime
  init(expiresAt: MonotonicTime = .distantFuture) { self.expiresAt = expiresAt }
}

/// Who asks a pool for it.
final class Caller: PoolWaiter {
  let deadline: MonotonicTime
  var isFinished = false
  init(deadline: MonotonicTime = .distantFuture) { self.deadline = deadline }
}
