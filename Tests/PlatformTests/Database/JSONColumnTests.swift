import Postgres
import Testing
import WorldKit

@testable import Platform

@Suite struct JSONColumnTests {
  private struct Terms: JSONColumn, Equatable {
    let price: Int
    let note: String?
  }

  /// Sends a document and reads it back.
  private struct Echo: Statement {
    typealias Context = DatabaseProcessor
    typealias Output = Terms?
    static let sql = "SELECT $1::jsonb AS terms"
    let terms: Terms?

    func bind(to bindings: inout PostgresBindings) throws { try bindings.appendJSON(terms) }

    static func decode(_ rows: PostgresRows) throws -> Terms? {
      try rows.first.flatMap { try $0.decodeJSONIfPresent(0) }
    }
  }

  /// Reads a document whatever is in it.
  private struct Read: Statement {
    typealias Context = DatabaseProcessor
    typealias Output = Terms
    static let sql = "SELECT $1::jsonb AS terms"
    let document: String?

    func bind(to bindings: inout PostgresBindings) {
      bindings.append(document.map { PostgresJSON(bytes: Array($0.utf8)) })
    }

    static func decode(_ rows: PostgresRows) throws -> Terms { try rows[0].decodeJSON(0) }
  }

  @Test(arguments: [nil, Terms(price: 5, note: nil), Terms(price: -1, note: "a \"b\"")])
  private func `a value comes back as it went`(terms: Terms?) async throws {
    try await withTally { world, _ async throws in
      #expect(try await world.database.process(Echo(terms: terms)) == terms)
    }
  }

  @Test func `fields that a value doesn't know are left alone`() async throws {
    try await withTally { world, _ async throws in
      let terms = try await world.database.process(Read(document: #"{"price": 7, "more": []}"#))
      #expect(terms == Terms(price: 7, note: nil))
    }
  }

  @Test(arguments: [#"{"price": "seven"}"#, "{}", "null", nil])
  func `a document that is no such value is corrupt, and its statement is named`(document: String?)
    async throws
  {
    try await withTally { world, _ async throws in
      let error = await #expect(throws: CorruptRow.self) {
        try await world.database.process(Read(document: document))
      }
      #expect(error?.statement.contains("Read") == true)
      if document != nil { #expect(error?.cause.contains("the JSON of terms") == true) }
    }
  }

  @Test func `a statement is named within its module`() {
    let error = #expect(throws: CorruptRow.self) {
      try CorruptRow.unlessRead(by: Outbox.Take.self) {
        throw PostgresDecodingError.unexpectedNull
      }
    }
    #expect(error?.statement == "Outbox.Take")
  }
}
