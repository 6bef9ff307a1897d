import Testing

@testable import Postgres

@Suite struct ListenTests {
  @Test func `a listener hears its channel and no other`() async throws {
    try await withClient { client in
      var odd = client.listen("odd \"channel\"").makeAsyncIterator()
      var even = client.listen("even").makeAsyncIterator()
      #expect(await odd.next() == .reconnected)
      #expect(await even.next() == .reconnected)
      _ = try await client.query(
        PostgresQuery("SELECT pg_notify('even', 'a'), pg_notify('odd \"channel\"', 'b')")
      )
      #expect(payload(await odd.next()) == "b")
      #expect(payload(await even.next()) == "a")
    }
  }

  @Test func `a listener survives its connection and is told`() async throws {
    try await withClient { client in
      var iterator = client.listen("news").makeAsyncIterator()
      #expect(await iterator.next() == .reconnected)
      #expect(
        try await client.query(
          PostgresQuery(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
          )
        ).count == 1
      )
      #expect(await iterator.next() == .reconnected)
      _ = try await client.query(PostgresQuery("SELECT pg_notify('news', 'again')"))
      #expect(payload(await iterator.next()) == "again")
    }
  }

  @Test func `a reader that is slow is told that it missed something`() async {
    let mailbox = NotificationMailbox(channel: "news", capacity: 3) { _ in }
    for number in 0..<5 {
      mailbox.put(.message(channel: "news", payload: "\(number)", processID: 1))
    }
    #expect(await mailbox.next() == .reconnected)
    #expect(payload(await mailbox.next()) == "4")
  }

  @Test func `the connection goes with the last listener, and a stream ends with the client`()
    async throws
  {
    try await withClient { client in
      let task = Task { for await _ in client.listen("news") {} }
      let listening = PostgresQuery(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
      )
      try await eventually { try await client.value(listening, as: Int.self) == 1 }
      task.cancel()
      await task.value
      try await eventually { try await client.value(listening, as: Int.self) == 0 }
      var iterator = client.listen("news").makeAsyncIterator()
      #expect(await iterator.next() == .reconnected)
      await client.close()
      #expect(await iterator.next() == nil)
    }
  }

  private func payload(_ message: PostgresNotification?) -> String? {
    if case .message(_, let payload, _) = message { payload } else { nil }
  }
}
