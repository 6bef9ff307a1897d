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
      guard let migration = byVersion[row.version], migration.name == row.name else { throw .unknown(name: row.name) }
      guard migration.checksum == row.checksum else { throw .changed(name: row.name) }
    }
    let appliedVersions = Set(applied.map(\.version))
    pending = known.filter { !appliedVersions.contains($0.version) }
    if let newest = applied.max(by: { $0.version < $1.version }), let first = pending.first, first.version < newest.version {
      throw .outOfOrder(name: first.name, after: newest.name)
    }
  }
}
