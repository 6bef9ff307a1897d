import Platform
import Redis
import Testing
import WorldKit

@testable import Auth

@Suite struct SessionTests {
  private func sessions(_ auth: AuthWorld, _ customer: Customer) async throws -> [ListSessions.Item]
  {
    try await auth.auth.process(ListSessions(customer: customer), as: customer)
  }

  @Test
  func
    `the sessions of an account are listed with what they are recognised by, the last used first`()
    async throws
  {
    try await withAuth { auth async throws in
      let first = try await auth.register()
      auth.world.clock.advance(by: .seconds(60))
      let context = RequestContext(
        requestID: "test",
        remoteAddress: "192.0.2.7",
        userAgent: "client/1 " + String(repeating: "x", count: 500)
      )
      let second = try await RequestContext.$current.withValue(context) { try await auth.logIn() }
      let customer = try await auth.verify(first)
      let ids = (customer.session, try await auth.verify(second).session)
      var listed = try await sessions(auth, customer)
      #expect(listed.map(\.id) == [ids.1, ids.0])
      #expect(listed.map(\.isCurrent) == [false, true])
      #expect(listed[0].session.remoteAddress == "192.0.2.7")
      #expect(listed[0].session.userAgent?.count == LoginSession.longestUserAgent)
      auth.world.clock.advance(by: .seconds(60))
      _ = try await auth.refresh(first)
      listed = try await sessions(auth, customer)
      #expect(listed.map(\.id) == [ids.0, ids.1])
      #expect(listed[0].session.openedAt == World.noon)
      #expect(listed[0].session.refreshedAt == World.noon + .seconds(120))
    }
  }

  @Test func `one's own session can be ended, and nobody else's`() async throws {
    try await withAuth { auth async throws in
      let mine = try await auth.register()
      let other = try await auth.register(EmailAddress("other@example.org"))
      let customer = try await auth.verify(mine)
      let foreign = try await auth.verify(other).session
      await #expect(throws: NotFound("session")) {
        try await auth.auth.process(EndSession(id: foreign, account: mine.account), as: customer)
      }
      try await auth.auth.process(
        EndSession(id: customer.session, account: mine.account),
        as: customer
      )
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(mine) }
      #expect(try await sessions(auth, customer).isEmpty)
      #expect(try await auth.verify(other).id == other.account)
    }
  }

  @Test func `ending all others keeps the one that asks`() async throws {
    try await withAuth { auth async throws in
      let tokens = [try await auth.register(), try await auth.logIn(), try await auth.logIn()]
      let kept = try await auth.verify(tokens[1])
      try await auth.auth.process(
        EndOtherSessions(account: kept.id, kept: kept.session),
        as: kept
      )
      #expect(try await sessions(auth, kept).map(\.id) == [kept.session])
    }
  }

  @Test
  func
    `an account has so many sessions at most, the last used ones, and those that ended are forgotten`()
    async throws
  {
    try await withAuth { auth async throws in
      let sessions = Sessions(redis: auth.auth.redis)
      let account: Account.ID = auth.world.ids.next()
      func store(_ number: Int) async throws -> Session.ID {
        let id: Session.ID = auth.world.ids.next()
        let session = LoginSession(
          account: account,
          refreshIdentifier: auth.world.ids.randomUUID(),
          refreshedAt: World.noon + .seconds(number)
        )
        try await sessions.store(session, id: id)
        return id
      }
      var ids: [Session.ID] = []
      for number in 0..<(Sessions.maxOfAccount + 2) { ids.append(try await store(number)) }
      #expect(
        try await sessions.all(of: account).map(\.id)
          == ids.suffix(Sessions.maxOfAccount).reversed()
      )
      for id in ids.suffix(2) { try await sessions.end(id) }
      _ = try await store(ids.count)
      #expect(
        try await auth.auth.redis.setCount("auth:sessions:\(account)") == Sessions.maxOfAccount - 1
      )
    }
  }

  @Test func `a session of a version that kept less can be refreshed`() async throws {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      let customer = try await auth.verify(tokens)
      let id = customer.session
      var session = try #require(try await Sessions(redis: auth.auth.redis).find(id))
      (session.openedAt, session.refreshedAt, session.remoteAddress, session.userAgent) = (
        nil, nil, nil, nil
      )
      _ = try await auth.auth.redis.set(
        "auth:session:\(id)",
        JSON.encode(session),
        expiry: Sessions.lifetime
      )
      _ = try await auth.refresh(tokens)
      #expect(try await sessions(auth, customer).first?.session.openedAt == nil)
    }
  }

  @Test func `who knows the password changes it, and every other session ends`() async throws {
    try await withAuth { auth async throws in
      let (asking, other) = (try await auth.register(), try await auth.logIn())
      let customer = try await auth.verify(asking)
      func change(from present: String, to new: String) async throws {
        try await auth.auth.process(
          ChangePassword(customer: customer, present: TypedPassword(present), new: new),
          as: customer
        )
      }
      await #expect(throws: AuthError.wrongCredentials) {
        try await change(from: "wrong horse", to: "battery staple")
      }
      #expect(try await auth.verify(other).id == customer.id)
      try await change(from: AuthWorld.password, to: "battery staple")
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(other) }
      #expect(try await auth.verify(asking) == customer)
      await #expect(throws: AuthError.wrongCredentials) { try await auth.logIn() }
      _ = try await auth.logIn(password: "battery staple")
    }
  }

  @Test func `of two changes of one password one happens, and guesses are limited`() async throws {
    try await withAuth { auth async throws in
      let customer = try await auth.verify(auth.register())
      let results = await race(2) {
        try await auth.auth.process(
          ChangePassword(
            customer: customer,
            present: TypedPassword(AuthWorld.password),
            new: "battery staple"
          ),
          as: customer
        )
      }
      #expect(results.succeeded.count == 1)
      let guesses = await race(Int(RateLimit.logInsOfAddress.burst) + 1) {
        try await auth.auth.process(
          ChangePassword(
            customer: customer,
            present: TypedPassword("wrong"),
            new: "battery staples"
          ),
          as: customer
        )
      }
      #expect(guesses.failed.contains { $0 is RateLimited })
    }
  }
}
