import Testing

@testable import Postgres

@Suite struct StatementCacheTests {
  private func key(_ sql: String, _ types: PostgresType...) -> StatementCache.Key {
    StatementCache.Key(sql: sql, types: types)
  }

  @Test func `a text is prepared once`() {
    var cache = StatementCache(capacity: 10)
    #expect(cache.use(key("SELECT 1")) == .prepare(name: "s1", evicting: nil))
    #expect(cache.use(key("SELECT 1")) == .ready(name: "s1"))
  }

  @Test func `the same text with other types is another statement`() {
    var cache = StatementCache(capacity: 10)
    #expect(cache.use(key("SELECT $1", .int8)) == .prepare(name: "s1", evicting: nil))
    #expect(cache.use(key("SELECT $1", .text)) == .prepare(name: "s2", evicting: nil))
  }

  @Test func `a full cache gives up the statement that was unused for longest`() {
    var cache = StatementCache(capacity: 2)
    _ = cache.use(key("a"))
    _ = cache.use(key("b"))
    _ = cache.use(key("a"))
    #expect(cache.use(key("c")) == .prepare(name: "s3", evicting: "s2"))
    #expect(cache.use(key("a")) == .ready(name: "s1"))
    #expect(cache.count == 2)
  }

  @Test func `a name is never used again`() {
    var cache = StatementCache(capacity: 2)
    _ = cache.use(key("a"))
    cache.forget(key("a"))
    #expect(cache.use(key("a")) == .prepare(name: "s2", evicting: nil))
  }
}
