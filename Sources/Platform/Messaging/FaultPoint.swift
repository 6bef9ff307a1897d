import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// A named place where a test build kills its process, to prove that nothing is lost or done twice
/// there.
///
/// The kill switch is compiled into debug builds only; in a release build `reach` is empty.
package enum FaultPoint: String, CaseIterable, Sendable {
  /// The relay has the broker's confirms and hasn't deleted the outbox rows.
  case outboxConfirmed = "outbox-confirmed"
  /// A handler's effect is committed and the delivery isn't acknowledged.
  case effectCommitted = "effect-committed"
  /// The mail server has accepted a message and it isn't marked as sent.
  case mailAccepted = "mail-accepted"
  /// A node's report is committed and not answered.
  case reportCommitted = "report-committed"

  #if DEBUG
  private struct Armed {
    var point: FaultPoint
    var passesLeft: Int
  }

  private static let armed = Mutex<Armed?>(nil)
  #endif

  /// Arms the point that `text` names, and after a colon at which pass it kills:
  /// `effect-committed:3`. Does nothing in a release build.
  package static func arm(_ text: String) {
    #if DEBUG
    let parts = text.split(separator: ":")
    guard let name = parts.first, let point = FaultPoint(rawValue: String(name)) else { return }
    armed.withLock {
      $0 = Armed(point: point, passesLeft: parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }
    #endif
  }

  package func reach() {
    #if DEBUG
    let isDue = Self.armed.withLock { armed in
      guard armed?.point == self else { return false }
      armed?.passesLeft -= 1
      return armed?.passesLeft == 0
    }
    if isDue { kill(getpid(), SIGKILL) }
    #endif
  }
}
