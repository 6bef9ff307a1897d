import Crypto

/// One step of the schema: a file `NNNN_<module>_<noun>.sql`, run once, in one transaction, and
/// never changed after.
///
/// A file that begins with the comment `-- no transaction` is for what can't run in one, such as
/// CREATE INDEX CONCURRENTLY. Each of its statements commits by itself, and if one fails the whole
/// file is run again; so it begins with DROP INDEX CONCURRENTLY IF EXISTS.
package struct Migration: Sendable, Hashable {
  package let version: Int
  package let name: String
  package let sql: String

  /// The SHA-256 of the file, in hexadecimal.
  package var checksum: String {
    SHA256.hash(data: [UInt8](sql.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  /// Whether the file is applied whole or not at all.
  package var isAtomic: Bool {
    !sql.split(separator: "\n").prefix { $0.hasPrefix("--") }.contains(Self.noTransaction)
  }

  private static let noTransaction: Substring = "-- no transaction"

  /// Throws `malformedFileName` unless `fileName` is four digits, an underscore, lower-case words,
  /// and `.sql`.
  package init(fileName: String, sql: String) throws(MigrationError) {
    let parts = fileName.split(separator: "_", maxSplits: 1)
    guard parts.count == 2, parts[0].utf8.count == 4,
      parts[0].allSatisfy({ $0.isASCII && $0.isNumber }),
      let version = Int(parts[0]), version > 0, parts[1].hasSuffix(".sql"), parts[1].utf8.count > 4,
      parts[1].dropLast(4).allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
      )
    else { throw .malformedFileName(fileName) }
    self.version = version
    name = String(fileName.dropLast(4))
    self.sql = sql
  }

  /// The migrations that this binary was built with.
  package static func embedded() throws(MigrationError) -> [Migration] {
    var migrations: [Migration] = []
    for file in MigrationFiles.all {
      migrations.append(try Migration(fileName: file.name, sql: file.sql))
    }
    return try ordered(migrations)
  }

  /// `migrations` in order; throws when two share a number.
  package static func ordered(_ migrations: [Migration]) throws(MigrationError) -> [Migration] {
    let sorted = migrations.sorted { $0.version < $1.version }
    for (earlier, later) in zip(sorted, sorted.dropFirst()) where earlier.version == later.version {
      throw .duplicateVersion(earlier.name, later.name)
    }
    return sorted
  }
}

/// Why the schema could not be brought up to date.
package enum MigrationError: Error, Equatable, CustomStringConvertible {
  case malformedFileName(String)
  case duplicateVersion(String, String)
  /// An applied file was changed.
  case changed(name: String)
  /// The database has a migration that this binary doesn't know: it is newer.
  case unknown(name: String)
  /// A file that sorts before an applied one was never applied.
  case outOfOrder(name: String, after: String)
  /// A statement failed; the database is as it was before this file.
  case failed(name: String, line: Int, statement: String, reason: String)
  /// A statement of a file without a transaction failed; those before it stay, and the file is not
  /// recorded as applied.
  case failedHalfway(name: String, line: Int, statement: String, reason: String)

  package var description: String {
    switch self {
    case .malformedFileName(let file):
      "\(file): a migration is named NNNN_<module>_<noun>.sql, e.g. 0042_shop_coupons.sql"
    case .duplicateVersion(let one, let other):
      "\(one) and \(other) have the same number: give the newer one the next free number"
    case .changed(let name):
      "\(name) was changed after it was applied: restore the file and put the change into a new migration"
    case .unknown(let name):
      "the database has \(name), which this version of helium doesn't know: run a newer version"
    case .outOfOrder(let name, let after):
      "\(name) comes before \(after), which is applied already: give it the next free number"
    case .failed(let name, let line, let statement, let reason):
      "\(name), line \(line): \(reason)\n  in: \(statement)\n  nothing in this file was applied"
    case .failedHalfway(let name, let line, let statement, let reason):
      "\(name), line \(line): \(reason)\n  in: \(statement)\n  the statements before it stay applied; the next run starts the file again from its beginning"
    }
  }
}
