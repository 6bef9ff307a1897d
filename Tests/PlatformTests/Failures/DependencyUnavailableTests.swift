import Platform
import Postgres
import Redis
import Testing

@Suite struct DependencyUnavailableTests {
  @Test(
    arguments: [
      RedisError.unavailable("no connection"), .connectionLost("reset"),
      .deadlineExceeded(sent: true), .overloaded, .closed,
      .reply(code: "LOADING", message: "Redis is loading the dataset in memory"),
    ])
  func `a Redis that can't be asked is a dependency that is away`(error: RedisError) throws {
    let failure = try #require(DependencyUnavailable(error))
    #expect(failure.kind == .unavailable)
    #expect(failure.dependency == "redis")
    #expect(failure.reason == "DEPENDENCY_UNAVAILABLE")
  }

  @Test(
    arguments: [
      PostgresClientError.poolExhausted, .connectionFailed("refused", sqlState: nil),
      .connectionLost("reset"), .deadlineExceeded,
    ])
  func `a PostgreSQL that can't be asked is a dependency that is away`(error: PostgresClientError) {
    #expect(DependencyUnavailable(error)?.dependency == "postgresql")
  }

  @Test func `a server that shuts down is away, and what a caller is told names no server`() throws
  {
    let failure = try #require(
      DependencyUnavailable(PostgresError(sqlState: "57P01", message: "terminating connection"))
    )
    #expect(failure.message == "a required service can't be reached; try again")
  }

  @Test func `what is our own fault isn't`() {
    #expect(DependencyUnavailable(RedisError.reply(code: "WRONGTYPE", message: "no")) == nil)
    #expect(DependencyUnavailable(RedisError.unexpectedReply(command: "GET")) == nil)
    #expect(DependencyUnavailable(PostgresClientError.misuse("no")) == nil)
    #expect(DependencyUnavailable(PostgresError(sqlState: "42601", message: "syntax error")) == nil)
    #expect(DependencyUnavailable(InvalidInput("a", "b")) == nil)
  }
}
