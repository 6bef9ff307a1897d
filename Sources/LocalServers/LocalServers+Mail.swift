import Glibc
import SystemPackage

extension LocalServers {
  /// Faults of the mail sink, to test how clients handle them.
  package enum MailFault: String, Sendable {
    /// Refuses the message after DATA with 451, to be tried again.
    case refuseForNow = "refuse"
    /// Refuses the message after DATA with 554, for good.
    case refuseForGood = "reject"
    /// Takes the message, then drops the connection without a reply.
    case dropAfterData = "drop"
  }

  /// Lets the mail sink go wrong for the next `count` messages; 0 ends it.
  package func faultNextMails(_ fault: MailFault, count: Int) throws {
    try directory.appending("mail-sink/faults").write(
      "\(fault.rawValue) \(count)\n",
      mode: .privateFile
    )
  }

  /// The texts of all messages the mail sink has kept, in order of arrival.
  package func mails() -> [String] {
    guard let folder = opendir(mailDirectory.string) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".eml"), !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted().compactMap { mailDirectory.appending($0).text() }
  }
}
