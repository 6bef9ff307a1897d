import Testing

@testable import Migrations

@Suite struct SQLScriptTests {
  private func texts(_ sql: String) -> [String] { SQLScript(sql).statements.map(\.text) }

  @Test func `semicolons end statements, the last needs none`() {
    #expect(texts("SELECT 1; SELECT 2;\n;; SELECT 3") == ["SELECT 1", "SELECT 2", "SELECT 3"])
    #expect(texts("") == [])
    #expect(texts(" ;\n-- only a comment\n;/* and another */") == [])
  }

  @Test(
    arguments: [
      "SELECT 'a;b'", "SELECT 'it''s; fine'", #"SELECT "a;""b""#, #"SELECT 'back\'"#,
      #"SELECT E'\';'"#, #"SELECT e'\\', ';'"#,
      "SELECT $$a;b$$", "SELECT $tag$ $$;$$ ; $other$ $tag$", "SELECT 1 -- a; b",
      "SELECT /* a; /* b; */ c; */ 1",
      #"SELECT U&"d\0061t;""#, #"SELECT table'\', ';'"#, "SELECT a$1, 'x;'", "SELECT $1 + 1",
      "SELECT 'ä;ö'", "SELECT -1 - -2 / 3 * 4",
      "SELECT 'unended; ", "SELECT $$ unended; ", "SELECT /* unended; ",
    ])
  func `what is quoted or commented doesn't end a statement`(statement: String) {
    #expect(texts(statement) == [statement])
  }

  @Test func `a string that ends in a backslash is no escape string, unless an E begins it`() {
    #expect(texts(#"SELECT 'a\'; SELECT 2"#) == [#"SELECT 'a\'"#, "SELECT 2"])
    #expect(texts(#"SELECT E'a\'; SELECT 2'"#) == [#"SELECT E'a\'; SELECT 2'"#])
    #expect(texts(#"SELECT type'a\'; SELECT 2"#) == [#"SELECT type'a\'"#, "SELECT 2"])
  }

  @Test func `each statement knows its line`() {
    let script = SQLScript("-- comment\n\nSELECT 1;\nSELECT\n  2;\n/* two\nlines */ SELECT 3;")
    #expect(script.statements.map(\.line) == [3, 4, 7])
    #expect(script.statements[1].line(ofCharacter: 10) == 5)
    #expect(script.statements[1].line(ofCharacter: nil) == 4)
    #expect(script.statements[1].firstLine == "SELECT")
  }
}

@Suite struct MigrationPlanTests {
  private func migration(_ name: String, _ sql: String = "SELECT 1") throws -> Migration {
    try Migration(fileName: "\(name).sql", sql: sql)
  }

  private func applied(_ migration: Migration) -> AppliedMigration {
    AppliedMigration(version: migration.version, name: migration.name, checksum: migration.checksum)
  }

  @Test func `what isn't applied is pending, in the order of numbers`() throws {
    let (one, two, three) = (
      try migration("0001_a_b"), try migration("0002_a_c"), try migration("0010_b_d")
    )
    #expect(try MigrationPlan(known: [three, one, two], applied: []).pending == [one, two, three])
    #expect(
      try MigrationPlan(known: [three, one, two], applied: [applied(one)]).pending == [two, three]
    )
    #expect(try MigrationPlan(known: [one], applied: [applied(one)]).pending == [])
  }

  @Test func `a changed file is refused`() throws {
    let (one, changed) = (try migration("0001_a_b"), try migration("0001_a_b", "SELECT 2"))
    #expect(throws: MigrationError.changed(name: "0001_a_b")) {
      try MigrationPlan(known: [changed], applied: [applied(one)])
    }
  }

  @Test func `a database that is newer is refused`() throws {
    let (one, two) = (try migration("0001_a_b"), try migration("0002_a_c"))
    #expect(throws: MigrationError.unknown(name: "0002_a_c")) {
      try MigrationPlan(known: [one], applied: [applied(one), applied(two)])
    }
    let renamed = try migration("0001_a_z")
    #expect(throws: MigrationError.unknown(name: "0001_a_b")) {
      try MigrationPlan(known: [renamed], applied: [applied(one)])
    }
  }

  @Test func `a file before an applied one is refused`() throws {
    let (one, two) = (try migration("0001_a_b"), try migration("0002_a_c"))
    #expect(throws: MigrationError.outOfOrder(name: "0001_a_b", after: "0002_a_c")) {
      try MigrationPlan(known: [one, two], applied: [applied(two)])
    }
  }

  @Test func `a module's new file may come before another module's that is applied`() throws {
    let (platform, telecom, new, mailer) = (
      try migration("0001_platform_x"), try migration("0030_telecom_x"),
      try migration("0031_telecom_y"), try migration("0070_mailer_x")
    )
    let plan = try MigrationPlan(
      known: [platform, telecom, new, mailer],
      applied: [applied(platform), applied(telecom), applied(mailer)]
    )
    #expect(plan.pending.map(\.name) == ["0031_telecom_y"])
    #expect(throws: MigrationError.outOfOrder(name: "0030_telecom_x", after: "0031_telecom_y")) {
      try MigrationPlan(
        known: [platform, telecom, new, mailer],
        applied: [applied(platform), applied(new), applied(mailer)]
      )
    }
  }

  @Test func `a number is used once`() throws {
    let (one, other) = (try migration("0001_a_b"), try migration("0001_b_a"))
    #expect(throws: MigrationError.duplicateVersion("0001_a_b", "0001_b_a")) {
      try MigrationPlan(known: [one, other], applied: [])
    }
  }

  @Test(
    arguments: [
      "1_a.sql", "0000_a.sql", "00001_a.sql", "0001-a.sql", "0001_a", "0001_A.sql", "0001_ä.sql",
      "0001_a b.sql", "abcd_a.sql", "0001.sql",
      "0001_.sql", "+001_a.sql", "-001_a.sql", "",
    ])
  func `a file's name has a form`(name: String) {
    #expect(throws: MigrationError.malformedFileName(name)) {
      try Migration(fileName: name, sql: "")
    }
  }

  @Test func `a file says in its first comment that it needs no transaction`() throws {
    #expect(
      try migration("0001_a_b", "-- Orders by account, for lists.\n-- no transaction\nSELECT 1")
        .isAtomic == false
    )
    #expect(try migration("0001_a_b", "-- no transaction\nSELECT 1").isAtomic == false)
    #expect(try migration("0001_a_b", "SELECT 1;\n-- no transaction").isAtomic)
    #expect(try migration("0001_a_b", "-- this needs no transaction\nSELECT 1").isAtomic)
  }

  @Test func `the checksum is the SHA-256 of the file`() throws {
    #expect(
      try migration("0001_a_b", "abc").checksum
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
  }
}
