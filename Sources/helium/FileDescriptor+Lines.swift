import SystemPackage

extension FileDescriptor {
  /// Writes a line without buffering it; what a closed pipe doesn't take is dropped.
  func writeLine(_ line: String) {
    _ = try? writeAll(Array("\(line)\n".utf8))
  }
}
