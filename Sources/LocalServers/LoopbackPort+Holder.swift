import Glibc
import SystemPackage

/// A program that listens on a port.
package struct PortHolder: Hashable, Sendable, CustomStringConvertible {
  package let pid: Int32
  package let name: String

  package var description: String { "\(name) (process \(pid))" }
}

extension LoopbackPort {
  /// The program that listens on a port; nil if there is none, or if the system doesn't show it to
  /// this user.
  ///
  /// Source: proc(5), `/proc/net/tcp` and `/proc/PID/fd`.
  package static func holder(of port: Int) -> PortHolder? {
    let sockets = Set(
      ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { listeners(on: port, in: FilePath($0)) }
    )
    guard !sockets.isEmpty else { return nil }
    for name in entries(of: "/proc") {
      guard let pid = Int32(name) else { continue }
      for descriptor in entries(of: "/proc/\(name)/fd")
      where sockets.contains(link("/proc/\(name)/fd/\(descriptor)")) {
        let command =
          FilePath("/proc/\(name)/comm").text()?.split(whereSeparator: \.isNewline).first
          ?? "a program"
        return PortHolder(pid: pid, name: String(command))
      }
    }
    return nil
  }

  /// The sockets that listen on a port, as `/proc/PID/fd` names them.
  private static func listeners(on port: Int, in table: FilePath) -> [String] {
    let listen = "0A"  // TCP_LISTEN of include/net/tcp_states.h
    return (table.text() ?? "").split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count > 9, fields[3] == listen, let local = fields[1].split(separator: ":").last
      else { return nil }
      return Int(local, radix: 16) == port ? "socket:[\(fields[9])]" : nil
    }
  }

  private static func entries(of folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
            String(cString: $0)
          }
        }
      )
    }
    return names
  }

  private static func link(_ path: String) -> String {
    var target = [CChar](repeating: 0, count: 256)
    let length = readlink(path, &target, target.count)
    return String(
      decoding: target.prefix(max(0, length)).map(UInt8.init(bitPattern:)),
      as: UTF8.self
    )
  }
}
