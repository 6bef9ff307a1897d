import Testing

@testable import SMTP

@Suite struct SessionPoolTests {
  struct Work: Identifiable, Hashable {
    let id: Int
  }

  /// A pool whose actions read as text.
  final class Pool {
    private var pool: SessionPool<Work>

    init(sessions: Int = 2, waiting: Int = 2) {
      pool = SessionPool(maximumSessions: sessions, maximumWaiting: waiting)
    }

    var sessionCount: Int { pool.sessionCount }
    var waitingCount: Int { pool.waitingCount }
    @discardableResult func submit(_ id: Int) -> String { pool.submit(Work(id: id)).text }
    @discardableResult func finished(_ session: Int) -> String { pool.finished(session).text }
    @discardableResult func woken(_ session: Int, isOver: Bool = false) -> String {
      pool.woken(session, idleTimeIsOver: isOver).text
    }
    @discardableResult func withdraw(_ id: Int) -> Bool { pool.withdraw(id) }
    @discardableResult func close() -> (refused: [Work], wake: [Int]) { pool.close() }
    @discardableResult func ended(_ session: Int) -> (replacement: String?, isLast: Bool) {
      let (replacement, isLast) = pool.ended(session)
      return (replacement?.text, isLast)
    }
  }

  @Test func `sessions are started up to the limit, then work waits, then it is refused`() {
    let pool = Pool()
    #expect(pool.submit(1) == "start 1 with 1")
    #expect(pool.submit(2) == "start 2 with 2")
    #expect(pool.submit(3) == "wait")
    #expect(pool.submit(4) == "wait")
    #expect(pool.submit(5) == "refuse overloaded")
    #expect(pool.sessionCount == 2)
    #expect(pool.waitingCount == 2)
  }

  @Test func `work that waits is done in order`() {
    let pool = Pool()
    for id in 1...4 { pool.submit(id) }
    #expect(pool.finished(2) == "perform 3")
    #expect(pool.finished(1) == "perform 4")
    #expect(pool.finished(2) == "idle")
  }

  @Test func `the session used last is used first`() {
    let pool = Pool()
    pool.submit(1)
    pool.submit(2)
    pool.finished(1)
    pool.finished(2)
    #expect(pool.submit(3) == "wake 2")
    #expect(pool.submit(4) == "wake 1")
    #expect(pool.submit(5) == "wait")
    #expect(pool.woken(2) == "perform 3")
  }

  @Test func `an idle session ends when its time is over, unless it has work by then`() {
    let pool = Pool()
    pool.submit(1)
    pool.finished(1)
    #expect(pool.woken(1) == "idle")
    pool.submit(2)
    #expect(pool.woken(1, isOver: true) == "perform 2")
    pool.finished(1)
    #expect(pool.woken(1, isOver: true) == "end")
    #expect(pool.submit(3) == "start 2 with 3")
    #expect(pool.ended(1).isLast == false)
    #expect(pool.sessionCount == 1)
  }

  @Test func `a session that says goodbye still counts, and what waited for its place gets it`() {
    let pool = Pool(sessions: 1)
    pool.submit(1)
    pool.finished(1)
    pool.woken(1, isOver: true)
    #expect(pool.submit(2) == "wait")
    #expect(pool.ended(1).replacement == "start 2 with 2")
    #expect(pool.waitingCount == 0)
  }

  @Test func `only work that no session has begun can be withdrawn`() {
    let pool = Pool(sessions: 1)
    pool.submit(1)
    pool.submit(2)
    #expect(!pool.withdraw(1))
    #expect(pool.withdraw(2))
    #expect(!pool.withdraw(2))
    #expect(pool.finished(1) == "idle")
  }

  @Test func `closing refuses what waits and ends every session`() {
    let pool = Pool()
    for id in 1...3 { pool.submit(id) }
    pool.withdraw(3)
    pool.finished(1)
    let (refused, wake) = pool.close()
    #expect(refused == [])
    #expect(wake == [1])
    #expect(pool.submit(4) == "refuse closed")
    #expect(pool.woken(1) == "end")
    #expect(pool.ended(1).isLast == false)
    #expect(pool.finished(2) == "end")
    #expect(pool.ended(2).isLast)
  }

  @Test func `closing hands back what waits`() {
    let pool = Pool(sessions: 1)
    for id in 1...3 { pool.submit(id) }
    #expect(pool.close().refused == [Work(id: 2), Work(id: 3)])
    #expect(pool.finished(1) == "end")
  }
}

extension SessionPool<SessionPoolTests.Work>.SubmitAction {
  var text: String {
    switch self {
    case .start(let session, let work): "start \(session) with \(work.id)"
    case .wake(let session): "wake \(session)"
    case .wait: "wait"
    case .refuse(let error): "refuse \(error)"
    }
  }
}

extension SessionPool<SessionPoolTests.Work>.NextAction {
  var text: String {
    switch self {
    case .perform(let work): "perform \(work.id)"
    case .idle: "idle"
    case .end: "end"
    }
  }
}
