import Glibc
import SystemPackage

extension Program {
  static func isExecutable(_ path: FilePath) -> Bool {
    access(path.string, X_OK) == 0
  }

  /// The file that this process runs.
  static func own() throws -> FilePath {
    let longestPath = 4_096
    let bytes = [UInt8](unsafeUninitializedCapacity: longestPath) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) {
        max(0, readlink("/proc/self/exe", $0.baseAddress!, longestPath))
      }
    }
    guard !bytes.isEmpty else { throw Errno(rawValue: errno) }
    return FilePath(String(decoding: bytes, as: UTF8.self))
  }
}
