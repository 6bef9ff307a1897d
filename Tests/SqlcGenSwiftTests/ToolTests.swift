import Foundation
import Testing

/// `Tools/generate` and the real sqlc on a small project of their own.
@Suite struct ToolTests {
  @Test func `sqlc and the plugin write one Swift file for each SQL file`() throws {
    let project = try Project()
    defer { project.remove() }
    try project.write(
      "Sources/Modules/Shop/Entities/Note.sql",
      "-- name: Note_List :many\n-- Reads.\nSELECT id, body FROM shop.notes WHERE id = @id;\n"
    )
    let run = try project.generate()
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      try project.files("Sources/Modules/Shop/Entities/Generated") == [
        "Note+Queries.swift"
      ]
    )
    let swift = try project.read("Sources/Modules/Shop/Entities/Generated/Note+Queries.swift")
    #expect(swift.contains("  /// Reads.\n  struct List: Statement {"))
    #expect(
      swift.contains("    static let sql = \"SELECT id, body FROM shop.notes WHERE id = $1\"\n")
    )
    #expect(swift.contains("      let id: Identifier<Note>\n      let body: String\n"))
  }

  @Test
  func `a wrong column fails with file and line, and other modules are generated all the same`()
    throws
  {
    let project = try Project()
    defer { project.remove() }
    try project.write(
      "Sources/Modules/Shop/Entities/Note.sql",
      "-- name: Note_List :many\nSELECT id,\n  bodyy FROM shop.notes;\n"
    )
    try project.write(
      "Sources/Modules/Auth/Entities/Note.sql",
      "-- name: Note_List :many\nSELECT id FROM shop.notes;\n"
    )
    let run = try project.generate()
    #expect(run.status == 1)
    #expect(
      run.errors.contains(
        "Sources/Modules/Shop/Entities/Note.sql:3:3: column \"bodyy\" does not exist"
      )
    )
    #expect(try project.files("Sources/Modules/Shop/Entities/Generated") == [])
    #expect(
      try project.files("Sources/Modules/Auth/Entities/Generated") == [
        "Note+Queries.swift"
      ]
    )
  }

  @Test func `every folder Entities of a module counts, and the list goes to the module's tests`()
    throws
  {
    let project = try Project()
    defer { project.remove() }
    for (folder, name) in [("Entities", "Note"), ("Drafts/Entities", "Draft")] {
      try project.write(
        "Sources/Modules/Shop/\(folder)/\(name).sql",
        "-- name: \(name)_Delete :exec\nDELETE FROM shop.notes;\n"
      )
    }
    let run = try project.generate()
    #expect(run.status == 0, "\(run.errors)")
    for (folder, name) in [("Entities", "Note"), ("Drafts/Entities", "Draft")] {
      #expect(
        try project.files("Sources/Modules/Shop/\(folder)/Generated") == ["\(name)+Queries.swift"]
      )
    }
    #expect(try project.files("Tests/ShopTests/Generated") == ["AllStatements.swift"])
    let list = try project.read("Tests/ShopTests/Generated/AllStatements.swift")
    #expect(list.contains("Draft.Delete.self") && list.contains("Note.Delete.self"))
  }

  @Test func `what the plugin refuses is told with file and line`() throws {
    let project = try Project()
    defer { project.remove() }
    try project.write(
      "Sources/Modules/Shop/Entities/Note.sql",
      """
      -- name: Note_Delete :exec
      DELETE FROM shop.notes;

      -- name: Note_Last :one
      SELECT max(body)::text AS m FROM shop.notes;

      """
    )
    let run = try project.generate()
    #expect(run.status == 1)
    #expect(
      run.errors.contains(
        "Sources/Modules/Shop/Entities/Note.sql:4: Note_Last: column 1 `m`: say whether it can be NULL"
      )
    )
  }

  @Test func `Swift whose SQL is gone goes too, and what did not change is left alone`() throws {
    let project = try Project()
    defer { project.remove() }
    try project.write(
      "Sources/Modules/Shop/Entities/Note.sql",
      "-- name: Note_List :many\nSELECT id FROM shop.notes;\n"
    )
    try project.write(
      "Sources/Modules/Shop/Entities/Old.sql",
      "-- name: Note_Delete :exec\nDELETE FROM shop.notes;\n"
    )
    #expect(try project.generate().status == 0)
    let kept = "Sources/Modules/Shop/Entities/Generated/Note+Queries.swift"
    let date = try project.modificationDate(kept)
    try project.remove("Sources/Modules/Shop/Entities/Old.sql")
    #expect(try project.generate().status == 0)
    #expect(
      try project.files("Sources/Modules/Shop/Entities/Generated") == [
        "Note+Queries.swift"
      ]
    )
    #expect(try project.modificationDate(kept) == date)
    try project.remove("Sources/Modules/Shop/Entities/Note.sql")
    #expect(try project.generate().status == 0)
    #expect(try project.files("Sources/Modules/Shop/Entities/Generated") == [])
  }
}

/// A folder with a schema, two modules and `Tools/generate`.
private struct Project {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "sqlc-gen-swift-\(UUID().uuidString)"
    )
    let blocks = ["Auth", "Shop"].map { module in
      """
        - name: \(module.lowercased())
          engine: postgresql
          schema: migrations
          queries: Sources/Modules/\(module)
          codegen:
            - plugin: swift
              out: Tests/\(module)Tests/Generated
              options:
                module: \(module)
                types:
                  shop.notes.id: Identifier<Note>

      """
    }
    try write(
      "migrations/0001_shop.sql",
      "CREATE SCHEMA shop;\nCREATE TABLE shop.notes (id uuid PRIMARY KEY, body text NOT NULL);\n"
    )
    try write(
      "sqlc.yaml",
      """
      version: "2"
      plugins:
        - name: swift
          process: { cmd: sqlc-gen-swift, format: json }
      sql:
      \(blocks.joined(separator: "\n"))
      """
    )
    try FileManager.default.createDirectory(
      at: folder.appending(path: "Tools"),
      withIntermediateDirectories: true
    )
    try FileManager.default.copyItem(
      at: Self.root.appending(path: "Tools/generate"),
      to: folder.appending(path: "Tools/generate")
    )
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  func write(_ path: String, _ text: String) throws {
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(text.utf8).write(to: file)
  }

  func read(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  func remove(_ path: String) throws {
    try FileManager.default.removeItem(at: folder.appending(path: path))
  }

  func remove() {
    try? FileManager.default.removeItem(at: folder)
  }

  func files(_ path: String) throws -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: path).path
    )
    return (names ?? []).sorted()
  }

  func modificationDate(_ path: String) throws -> Date? {
    try FileManager.default.attributesOfItem(atPath: folder.appending(path: path).path)[
      .modificationDate
    ] as? Date
  }

  /// Runs `Tools/generate sql` with the plugin of this build, and sqlc from `HELIUM_PYTHON_BIN` or
  /// `.venv/bin`.
  func generate() throws -> (status: Int32, errors: String) {
    let process = Process()
    process.executableURL = folder.appending(path: "Tools/generate")
    process.arguments = ["sql"]
    var environment = ProcessInfo.processInfo.environment
    environment["HELIUM_CODEGEN_BIN"] =
      URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    environment["HELIUM_PYTHON_BIN"] =
      environment["HELIUM_PYTHON_BIN"] ?? Self.root.appending(path: ".venv/bin").path
    process.environment = environment
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(
      decoding: try errors.fileHandleForReading.readToEnd() ?? Data(),
      as: UTF8.self
    )
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}
