import Glibc

/// A user of this machine that a server runs as.
struct Account: Sendable {
  let userID: uid_t
  let groupID: gid_t

  /// Whether this process may start servers as other users. PostgreSQL refuses to run as root, so
  /// then it must.
  static var isRoot: Bool { geteuid() == 0 }

  /// The account of that name, or nil when there is none.
  init?(named name: String) {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 4_096)
    guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
      return nil
    }
    userID = entry.pw_uid
    groupID = entry.pw_gid
  }
}
