/// Which session carries which work, decided without doing any of it.
///
/// Sessions are started while all others are busy, up to a limit, and the one used last is used
/// first, so that spare ones run into their idle time. Work that finds no session waits in order,
/// in a bounded queue.
struct SessionPool<Work: Identifiable & Sendable>: Sendable {
  typealias SessionID = Int

  private let maximumSessions: Int
  private let maximumWaiting: Int
  private var lastID: SessionID = 0
  private var sessions: [SessionID: SessionState] = [:]
  /// Idle sessions, the one used last at the end.
  private var idle: [SessionID] = []
  private var waiting: [Work] = []
  private(set) var isClosed = false

  private enum SessionState: Sendable {
    /// `pending` is work that was assigned while the session was idle, and that it hasn't fetched
    /// yet.
    case busy(pending: Work?)
    case idle
    /// Told to end; what it holds of the network is still to be closed.
    case ending
  }

  enum SubmitAction: Sendable {
    /// Start a session that begins with the work.
    case start(SessionID, Work)
    /// Wake an idle session; it will fetch the work.
    case wake(SessionID)
    case wait
    case refuse(SMTPError)
  }

  enum NextAction: Sendable {
    case perform(Work)
    /// Stay open and wait to be woken.
    case idle
    case end
  }

  init(maximumSessions: Int, maximumWaiting: Int) {
    self.maximumSessions = maximumSessions
    self.maximumWaiting = maximumWaiting
  }

  var sessionCount: Int { sessions.count }
  var waitingCount: Int { waiting.count }

  mutating func submit(_ work: Work) -> SubmitAction {
    guard !isClosed else { return .refuse(.closed) }
    if let session = idle.popLast() {
      sessions[session] = .busy(pending: work)
      return .wake(session)
    }
    if sessions.count < maximumSessions {
      lastID += 1
      sessions[lastID] = .busy(pending: nil)
      return .start(lastID, work)
    }
    guard waiting.count < maximumWaiting else { return .refuse(.overloaded) }
    waiting.append(work)
    return .wait
  }

  /// A session has done its work and asks for more.
  mutating func finished(_ session: SessionID) -> NextAction {
    if !waiting.isEmpty {
      return .perform(waiting.removeFirst())
    }
    guard !isClosed else {
      sessions[session] = .ending
      return .end
    }
    sessions[session] = .idle
    idle.append(session)
    return .idle
  }

  /// An idle session was woken, or its idle time is over.
  mutating func woken(_ session: SessionID, idleTimeIsOver: Bool) -> NextAction {
    switch sessions[session] {
    case .busy(let pending?):
      sessions[session] = .busy(pending: nil)
      return .perform(pending)
    case .idle where idleTimeIsOver:
      idle.removeAll { $0 == session }
      sessions[session] = .ending
      return .end
    case .idle, .busy(pending: nil): return .idle
    case .ending, nil: return .end
    }
  }

  /// Takes back work that no session has begun; false if one has, or it is done.
  mutating func withdraw(_ id: Work.ID) -> Bool {
    guard let index = waiting.firstIndex(where: { $0.id == id }) else { return false }
    waiting.remove(at: index)
    return true
  }

  /// A session has closed what it held of the network, and work that came meanwhile gets its place.
  ///
  /// `isLast` tells that it was the last session of a closed pool.
  mutating func ended(_ session: SessionID) -> (replacement: SubmitAction?, isLast: Bool) {
    sessions[session] = nil
    if !waiting.isEmpty {
      lastID += 1
      sessions[lastID] = .busy(pending: nil)
      return (.start(lastID, waiting.removeFirst()), false)
    }
    return (nil, isClosed && sessions.isEmpty)
  }

  /// Refuses further work. Returns what waits, to be failed, and the idle sessions, to be woken so
  /// that they end.
  mutating func close() -> (refused: [Work], wake: [SessionID]) {
    isClosed = true
    let refused = waiting
    let wake = idle
    for session in idle { sessions[session] = .ending }
    waiting = []
    idle = []
    return (refused, wake)
  }
}
