import Glibc
import ServiceLifecycle
import SystemPackage

/// Gives back the pages of code that only starting needed: about half of what an idle worker has in
/// memory.
///
/// They are the programs' files, unchanged, so nothing is lost: a page that is needed after all is
/// mapped again, mostly from the system's cache of the same file.
struct StartupCode: Service {
  /// The first round trips to each store and the first look at the settings are over by then.
  private static let startup = Duration.seconds(3)

  func run() async throws {
    try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.startup) }
    for range in Self.mappings() {
      // A mapping that is gone meanwhile is an error that changes nothing.
      madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
    }
    try? await gracefulShutdown()
  }

  /// Where code of files is mapped that can't be written to: pages that were written to would be
  /// lost.
  private static func mappings() -> [Range<UInt>] {
    // proc(5): 55d0…-55d1… r-xp 00000000 fe:00 1234   /usr/bin/helium
    text("/proc/self/maps").split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ", omittingEmptySubsequences: true)
      guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { return nil }
      let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      return bounds.count == 2 ? bounds[0]..<bounds[1] : nil
    }
  }

  /// The whole of a file whose size is not known before; empty if it can't be read.
  private static func text(_ path: FilePath) -> String {
    guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else {
      return ""
    }
    defer { try? file.close() }
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while let count = try? chunk.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
      text += chunk[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }
}
