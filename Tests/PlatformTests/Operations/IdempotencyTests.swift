import Platform
import Testing
import WorldKit

@testable import Platform

@Suite struct IdempotencyTests {
  private let key = IdempotencyKey(caller: .first, method: "Insert", key: "k")

  private func insert(
    _ request: String,
    _ key: IdempotencyKey?,
    in tally: TallyModule,
    fails: Bool = false
  ) async throws -> String {
    try await tally.transaction { tally, transaction in
      try await transaction.idempotently(key, request: request, at: World.noon) {
        try await tally.database.process(InsertLabel())
        if fails { throw Failure() }
        return "answer to \(request)"
      }
    }
  }

  @Test func `fifty calls at once have one effect and one answer`() async throws {
    try await withTally { world, tally async throws in
      let results = await race(50) { [key] _ in try await insert("r", key, in: tally) }
      #expect(results.failed.isEmpty)
      #expect(results.succeeded == Array(repeating: "answer to r", count: 50))
      #expect(try await tally.count() == 1)
    }
  }

  @Test func `another request with the same key is refused and has no effect`() async throws {
    try await withTally { world, tally async throws in
      _ = try await insert("r", key, in: tally)
      let error = await #expect(throws: IdempotencyError.keyReused) {
        try await insert("other", key, in: tally)
      }
      #expect(error?.violations.map(\.field) == ["idempotency-key"])
      #expect(try await tally.count() == 1)
    }
  }

  @Test func `keys of other callers, methods and texts are other keys`() async throws {
    try await withTally { world, tally async throws in
      _ = try await insert("r", key, in: tally)
      _ = try await insert(
        "s",
        IdempotencyKey(caller: world.ids.next(), method: "Insert", key: "k"),
        in: tally
      )
      _ = try await insert(
        "t",
        IdempotencyKey(caller: .first, method: "Delete", key: "k"),
        in: tally
      )
      _ = try await insert(
        "u",
        IdempotencyKey(caller: .first, method: "Insert", key: "l"),
        in: tally
      )
      _ = try await insert("v", nil, in: tally)
      _ = try await insert("v", nil, in: tally)
      #expect(try await tally.count() == 6)
    }
  }

  @Test func `a call that failed leaves its key free`() async throws {
    try await withTally { world, tally async throws in
      await #expect(throws: Failure.self) { try await insert("r", key, in: tally, fails: true) }
      #expect(try await insert("other", key, in: tally) == "answer to other")
      #expect(try await tally.count() == 1)
    }
  }

  @Test(arguments: ["", String(repeating: "k", count: 256)])
  func `a key of the wrong length names its field`(text: String) throws {
    let error = RequestContext.$current.withValue(
      RequestContext(requestID: "r", idempotencyKey: text)
    ) {
      #expect(throws: InvalidInput.self) { try IdempotencyKey(caller: .first, method: "m") }
    }
    #expect(error?.violations.map(\.field) == ["idempotency-key"])
  }

  @Test func `a call without the header has no key`() throws {
    let key = try RequestContext.$current.withValue(RequestContext(requestID: "r")) {
      try IdempotencyKey(caller: .first, method: "m")
    }
    #expect(key == nil)
  }
}
