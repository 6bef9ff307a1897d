import Glibc
import Subprocess
import SystemPackage

/// The directory of a set of servers, claimed by this process until released.
///
/// Only this process's user writes at its top level: logs, the records of processes, the password.
/// Each server has a folder of its own below.
struct Place: Sendable {
  /// With links resolved, so that the servers can reach it.
  let directory: FilePath
  /// Password of every server here. A loopback port is open to all users of the machine.
  let password: String
  private let lock: FileDescriptor

  var mailDirectory: FilePath { directory.appending("mail") }

  /// Makes the directory, locks it, and stops what a killed owner left running in it.
  static func claim(_ options: LocalServers.Options) async throws(LocalServers.StartError) -> Place
  {
    let needsPassage = Account.isRoot && options.kinds.contains { $0 != .mailSink }
    let directory = try reachable(options.directory, needsPassage: needsPassage)
    let lock = try locked(directory)
    await Supervisor.stopLeftovers(in: directory)
    if options.startsFresh { await empty(directory) }
    do throws(Errno) {
      let file = directory.appending("password")
      let password = file.text() ?? newPassword()
      if file.text() == nil { try file.write(password, mode: .privateFile) }
      return Place(directory: directory, password: password, lock: lock)
    } catch {
      try? lock.close()
      throw .directoryUnusable(directory, reason: "\(error)")
    }
  }

  /// Removes all but the lock, which this process holds.
  private static func empty(_ directory: FilePath) async {
    _ = try? await run(
      .path("/usr/bin/find"),
      arguments: [
        directory.string, "-mindepth", "1", "-maxdepth", "1", "!", "-name", "lock", "-exec", "rm",
        "-rf", "--", "{}", "+",
      ],
      output: .discarded,
      error: .discarded
    )
  }

  /// The process that runs servers in the directory now, or nil.
  static func owner(of directory: FilePath) -> Int32? {
    let path = directory.appending("lock")
    guard let file = try? FileDescriptor.open(path, .readWrite, options: [.closeOnExec, .noFollow])
    else { return nil }
    defer { try? file.close() }
    guard flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 else { return nil }
    return Int32(path.text()?.split(whereSeparator: \.isNewline).first ?? "") ?? 0
  }

  /// Lets another start have the directory.
  func release() {
    try? lock.close()
  }

  /// Removes the directory and all in it.
  func remove() async {
    _ = try? await run(
      .path("/bin/rm"),
      arguments: ["-rf", "--", directory.string],
      output: .discarded,
      error: .discarded
    )
  }

  /// Makes the folder of one server, which belongs to the account it runs as.
  func folder(_ name: String, owner: Account?) throws(LocalServers.StartError) -> FilePath {
    let folder = directory.appending(name)
    do throws(Errno) {
      try folder.makeDirectory(mode: .privateDirectory, owner: owner)
    } catch {
      throw .directoryUnusable(folder, reason: "\(error)")
    }
    return folder
  }

  /// Hexadecimal, so that it needs no escaping in URLs and configuration files.
  private static func newPassword() -> String {
    (0..<4).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// flock(2): the system releases it when this process ends in any way. It isn't inherited by
  /// servers.
  private static func locked(_ directory: FilePath) throws(LocalServers.StartError)
    -> FileDescriptor
  {
    let path = directory.appending("lock")
    do {
      let file = try FileDescriptor.open(
        path,
        .readWrite,
        options: [.create, .closeOnExec, .noFollow],
        permissions: .privateFile
      )
      guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else {
        try? file.close()
        let owner = Int32(path.text()?.split(whereSeparator: \.isNewline).first ?? "") ?? 0
        throw LocalServers.StartError.alreadyRunning(directory: directory, pid: owner)
      }
      try file.resize(to: 0)
      _ = try file.writeAll("\(getpid())\n".utf8)
      return file
    } catch let error as LocalServers.StartError {
      throw error
    } catch {
      throw .directoryUnusable(directory, reason: "\(error)")
    }
  }
}

/// Making a directory that the servers' users can reach.
extension Place {
  private static func reachable(
    _ wanted: FilePath,
    needsPassage: Bool
  ) throws(LocalServers.StartError) -> FilePath {
    do throws(Errno) {
      let parent = wanted.removingLastComponent()
      if !parent.isEmpty {
        try parent.makeDirectory(mode: [
          .ownerReadWriteExecute, .groupReadExecute, .otherReadExecute,
        ])
      }
      guard needsPassage else {
        try wanted.makeDirectory(mode: .privateDirectory)
        return wanted.resolved() ?? wanted
      }
      if let status = wanted.status(), status.isLink { return try followed(wanted) }
      let place = (parent.isEmpty ? FilePath(".") : parent).resolved() ?? parent
      guard isOpenToOthers(place) else { return try linked(wanted) }
      try wanted.makeDirectory(mode: .passage)
      let directory = wanted.resolved() ?? wanted
      guard chmod(directory.string, FilePermissions.passage.rawValue) == 0 else {
        throw Errno.current
      }
      return directory
    } catch {
      throw .directoryUnusable(wanted, reason: "\(error)")
    }
  }

  /// The folder an earlier start has made under /var/tmp. One that somebody else owns is not
  /// trusted.
  private static func followed(_ link: FilePath) throws(Errno) -> FilePath {
    if let target = link.resolved() {
      guard let status = target.status(), status.isDirectory, status.st_uid == geteuid() else {
        throw .permissionDenied
      }
      if isOpenToOthers(target) { return target }
    }
    guard unlink(link.string) == 0 else { throw Errno.current }
    return try linked(link)
  }

  private static func linked(_ wanted: FilePath) throws(Errno) -> FilePath {
    if wanted.status() != nil, rmdir(wanted.string) != 0 { throw Errno.current }
    let target = FilePath("/var/tmp/helium-\(String(UInt64.random(in: .min ... .max), radix: 36))")
    guard mkdir(target.string, FilePermissions.passage.rawValue) == 0 else { throw Errno.current }
    guard chmod(target.string, FilePermissions.passage.rawValue) == 0 else { throw Errno.current }
    guard symlink(target.string, wanted.string) == 0 else { throw Errno.current }
    return target
  }

  /// Whether any user may pass through the directory and all above it.
  private static func isOpenToOthers(_ directory: FilePath) -> Bool {
    var directory = directory
    while true {
      guard let status = directory.status(), status.st_mode & S_IXOTH != 0 else { return false }
      guard directory.removeLastComponent() else { return true }
    }
  }
}
