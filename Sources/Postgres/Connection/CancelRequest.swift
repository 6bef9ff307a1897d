import CLibpq

/// A cancel request for one connection.
///
/// Proof for `@unchecked`: libpq made it for use in another thread, and it is used once.
struct CancelRequest: @unchecked Sendable {
  let request: OpaquePointer

  /// Blocks until the server has taken the request. A failure needs no report: the statement's
  /// deadline or the grace period ends it.
  func send() {
    var message = [CChar](repeating: 0, count: 256)
    PQcancel(request, &message, Int32(message.count))
    PQfreeCancel(request)
  }
}
