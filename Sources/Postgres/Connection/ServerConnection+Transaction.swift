import CLibpq
import Synchronization

extension ServerConnection {
  func begin(_ isolation: PostgresIsolation, lease: UInt64) {
    state.withLock { if $0.machine.lease == lease { $0.machine.pendingBegin = isolation } }
  }

  /// Whether BEGIN has been sent and the transaction has not ended; a BEGIN that still waits for
  /// its first statement is taken back.
  func hasTransaction(lease: UInt64) -> Bool {
    state.withLock { state in
      guard state.machine.lease == lease, let handle = state.handle else { return true }
      if state.machine.pendingBegin != nil {
        state.machine.pendingBegin = nil
        return false
      }
      return PQtransactionStatus(handle) != PQTRANS_IDLE
    }
  }
}
