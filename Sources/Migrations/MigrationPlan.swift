/// A migration that the database has.
package struct AppliedMigration: Sendable, Hashable {
  package let version: Int
  package let name: String
  package let checksum: String

  package init(version: Int, name: String, checksum: String) {
    self.version = version
    self.name = name
    self.checksum = checksum
  }
}

/// What is left to apply: the rules of order and unchangedness, without a database.
package struct MigrationPlan: Sendable, Hashable {
  package let pending: [Migration]

  package init(known: [Migration], applied: [AppliedMigration]) throws(MigrationError) {
    let known = try Migration.ordered(known)
    let byVersion = Dictionary(uniqueKeysWithValues: known.map { ($0.version, $0) })
    for row in applied {
      guard let migration = byVersion[row.version], migration.name == row.name else {
        throw .unknown(name: row.name)
      }
      guard migration.checksum == row.checksum else { throw .changed(name: row.name) }
    }
    let appliedVersions = Set(applied.map(\.version))
    pending = known.filter { !appliedVersions.contains($0.version) }
    // Each module has numbers and a schema of its own: a new file comes after all of its module's,
    // and often before another's.
    let newest = Dictionary(applied.map { (Self.module(of: $0.name), $0) }) {
      $0.version < $1.version ? $1 : $0
    }
    for migration in pending {
      if let newest = newest[Self.module(of: migration.name)], migration.version < newest.version {
        throw .outOfOrder(name: migration.name, after: newest.name)
      }
    }
  }

  /// NNNN_<module>_<noun>
  private static func module(of name: String) -> Substring {
    name.split(separator: "_", maxSplits: 2).dropFirst().first ?? ""
  }
}
