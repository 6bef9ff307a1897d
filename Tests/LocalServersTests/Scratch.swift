import Glibc
import Subprocess
import SystemPackage

/// Directories and processes that these tests look at from outside.
enum Scratch {
  static var ownPID: Int32 { getpid() }
  static var isRoot: Bool { geteuid() == 0 }

  /// A path of one test's own, not there yet. Open to the users that servers run as.
  static func newPath() -> FilePath {
    FilePath("/var/tmp/helium-test-\(String(UInt64.random(in: .min ... .max), radix: 36))")
  }

  static func isAlive(_ pid: Int32) -> Bool {
    guard let text = text(FilePath("/proc/\(pid)/stat")), let end = text.lastIndex(of: ")") else {
      return false
    }
    return !text[end...].hasPrefix(") Z")
  }

  /// The user a process runs as, from the owner of its folder in /proc.
  static func owner(of pid: Int32) -> uid_t? {
    var status = Glibc.stat()
    return Glibc.lstat("/proc/\(pid)", &status) == 0 ? status.st_uid : nil
  }

  /// Waits for a condition that a process outside brings about; gives up after a time far beyond
  /// what it needs.
  static func wait(until isMet: () -> Bool) async {
    let deadline = ContinuousClock.now + .seconds(40)
    while !isMet(), ContinuousClock.now < deadline {
      try? await Task.sleep(for: .milliseconds(50))
    }
  }

  static func write(_ text: String, to path: FilePath) throws {
    let file = try FileDescriptor.open(
      path,
      .writeOnly,
      options: [.create, .truncate],
      permissions: [.ownerReadWrite]
    )
    _ = try file.closeAfter { try file.writeAll(text.utf8) }
  }

  static func exists(_ path: FilePath) -> Bool { access(path.string, F_OK) == 0 }

  static func port(_ url: String) -> Int? {
    guard let colon = url.lastIndex(of: ":") else { return nil }
    return Int(url[url.index(after: colon)...].prefix { $0.isNumber })
  }

  /// The processes that the records of a directory name.
  static func recordedPIDs(in directory: FilePath) -> [Int32] {
    ["postgres", "redis", "rabbitmq", "epmd", "mail-sink"].flatMap { name in
      (text(directory.appending("\(name).pids")) ?? "").split(separator: "\n").compactMap { line in
        line.split(separator: " ").first.flatMap { Int32($0) }
      }
    }
  }

  static func text(_ path: FilePath) -> String? {
    guard let file = try? FileDescriptor.open(path, .readOnly) else { return nil }
    return try? file.closeAfter {
      try String(unsafeUninitializedCapacity: 65_536) {
        try file.read(into: UnsafeMutableRawBufferPointer($0))
      }
    }
  }

  /// Removes a directory, and what it is a link to.
  static func remove(_ path: FilePath) async {
    guard let target = realpath(path.string, nil) else { return }
    defer { free(target) }
    _ = try? await run(
      .path("/bin/rm"),
      arguments: ["-rf", String(cString: target), path.string],
      output: .discarded,
      error: .discarded
    )
  }
}
