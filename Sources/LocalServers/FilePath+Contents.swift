import Glibc
package import SystemPackage

/// Reading and writing whole small files. `Errno` is thrown as the system gave it.
extension FilePath {
  /// The file's text, or nil when it can't be read.
  func text() -> String? {
    guard let descriptor = try? FileDescriptor.open(self, .readOnly, options: [.closeOnExec]) else {
      return nil
    }
    return try? descriptor.closeAfter {
      var bytes: [UInt8] = []
      let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 1)
      defer { chunk.deallocate() }
      while case let count = try descriptor.read(into: chunk), count > 0 {
        bytes += chunk[..<count]
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// The last lines of a log, without empty ones.
  func lastLines(_ count: Int) -> [String] {
    (text() ?? "").split(whereSeparator: \.isNewline).suffix(count).map(String.init)
  }

  /// Replaces the file atomically, so that no reader sees a part of it. Doesn't follow links.
  func write(_ text: String, mode: FilePermissions, owner: Account? = nil) throws(Errno) {
    let draft = FilePath(string + ".new")
    _ = unlink(draft.string)
    do {
      let descriptor = try FileDescriptor.open(
        draft,
        .writeOnly,
        options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: mode
      )
      try descriptor.closeAfter {
        _ = try descriptor.writeAll(text.utf8)
        if let owner, fchown(descriptor.rawValue, owner.userID, owner.groupID) != 0 {
          throw Errno.current
        }
      }
    } catch let error as Errno {
      throw error
    } catch {
      throw .ioError
    }
    guard rename(draft.string, string) == 0 else { throw Errno.current }
  }

  /// Replaces the file in one step with one that only this user may read.
  package func writePrivately(_ text: String) throws(Errno) {
    try write(text, mode: .privateFile)
  }

  /// Makes the directory and those above it; one that exists keeps its mode, but gets the owner.
  func makeDirectory(mode: FilePermissions, owner: Account? = nil) throws(Errno) {
    if mkdir(string, mode.rawValue) != 0 {
      switch Errno.current {
      case .fileExists: break
      case .noSuchFileOrDirectory where !removingLastComponent().isEmpty:
        try removingLastComponent().makeDirectory(mode: [
          .ownerReadWriteExecute, .groupReadExecute, .otherReadExecute,
        ])
        guard mkdir(string, mode.rawValue) == 0 || Errno.current == .fileExists else {
          throw Errno.current
        }
      case let error: throw error
      }
    }
    if let owner, lchown(string, owner.userID, owner.groupID) != 0 { throw Errno.current }
  }

  /// What is at this path, without following a last link. Nil when nothing is.
  func status() -> Glibc.stat? {
    var status = Glibc.stat()
    return Glibc.lstat(string, &status) == 0 ? status : nil
  }

  /// The path with every link resolved, or nil when it does not exist.
  func resolved() -> FilePath? {
    guard let path = realpath(string, nil) else { return nil }
    defer { free(path) }
    return FilePath(platformString: path)
  }
}

extension Glibc.stat {
  var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
  var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
}

extension Errno {
  /// The error of the last failed call of this thread.
  static var current: Errno { Errno(rawValue: errno) }
}

extension FilePermissions {
  /// 0600
  static let privateFile: FilePermissions = [.ownerReadWrite]
  /// 0700
  static let privateDirectory: FilePermissions = [.ownerReadWriteExecute]
  /// 0711: others may pass through to their own folders, but can't list this one.
  static let passage: FilePermissions = [.ownerReadWriteExecute, .groupExecute, .otherExecute]
}
