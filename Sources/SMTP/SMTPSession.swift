import CCurl
import Glibc
import Synchronization

/// A thread with one connection to the mail server, kept open between messages.
final class SMTPSession: Sendable {
  /// How long the goodbye to a server may take that doesn't answer.
  static let hangUpSeconds = 2

  private let id: Int
  private let client: SMTPClient
  private let multi: MultiHandle
  /// Guards against waking a handle that is gone.
  private let isOpen = Mutex(true)

  /// Nil where libcurl has no memory.
  init?(id: Int, client: SMTPClient) {
    guard Self.libraryIsReady, let handle = curl_multi_init() else { return nil }
    ccurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, 1)
    self.id = id
    self.client = client
    multi = MultiHandle(pointer: handle)
  }

  private static let libraryIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  // Its pointer is used by the session's thread alone, except for `curl_multi_wakeup`, which
  // libcurl allows from any thread.
  private struct MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
  }

  /// Starts the thread; false where the system has none to give.
  func start(with job: SMTPJob) -> Bool {
    var thread = pthread_t()
    let body = Unmanaged.passRetained(ThreadBody { self.run(beginningWith: job) })
    let code = pthread_create(
      &thread,
      nil,
      { body in
        if let body { Unmanaged<ThreadBody>.fromOpaque(body).takeRetainedValue().run() }
        return nil
      },
      body.toOpaque()
    )
    guard code == 0 else {
      body.release()
      curl_multi_cleanup(multi.pointer)
      return false
    }
    pthread_detach(thread)
    return true
  }

  private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
      self.run = run
    }
  }

  /// Ends the session's wait, from any thread: there is work, an interruption, or an end.
  func wake() {
    isOpen.withLock { isOpen in
      if isOpen { curl_multi_wakeup(multi.pointer) }
    }
  }

  private func run(beginningWith job: SMTPJob) {
    var connection = Connection()
    var next = SessionPool<SMTPJob>.NextAction.perform(job)
    loop: while true {
      switch next {
      case .perform(let job):
        let outcome = carry(job, over: &connection)
        next = client.nextWork(afterWorkOf: id)
        // Only now, so that the caller's next message finds this session idle rather than starts
        // another.
        job.finish(outcome)
      case .idle: next = waitForWork()
      case .end: break loop
      }
    }
    hangUp(&connection)
    isOpen.withLock { $0 = false }
    curl_multi_cleanup(multi.pointer)
    client.ended(id)
  }

  /// What the session knows of its connection, which libcurl keeps.
  private struct Connection {
    var isOpen = false
    var messages = 0
  }

  private func waitForWork() -> SessionPool<SMTPJob>.NextAction {
    let end = ContinuousClock.now + client.configuration.idleTimeout
    while true {
      let left = end - ContinuousClock.now
      curl_multi_poll(
        multi.pointer,
        nil,
        0,
        CInt(max(0, min(left, .seconds(60)).milliseconds)),
        nil
      )
      let next = client.nextWork(afterIdlenessOf: id, isOver: ContinuousClock.now >= end)
      if case .idle = next { continue }
      return next
    }
  }

  private func carry(_ job: SMTPJob, over connection: inout Connection) -> SMTPJob.Outcome {
    job.begin(on: self)
    if connection.messages >= client.configuration.messagesPerSession { hangUp(&connection) }
    var attempt = attempt(job, over: &connection)
    if case .failure(let error) = attempt.outcome, attempt.connectionWasStale {
      client.noteRetry(of: id, after: error)
      attempt = self.attempt(job, over: &connection)
    }
    return attempt.outcome
  }

  private func attempt(_ job: SMTPJob, over connection: inout Connection) -> CurlTransfer.Attempt {
    if let error = job.interruptionError(delivery: .impossible) {
      return CurlTransfer.Attempt(outcome: .failure(error))
    }
    guard
      let transfer = CurlTransfer(
        of: job,
        configuration: client.configuration,
        isFresh: !connection.isOpen
      )
    else {
      return CurlTransfer.Attempt(outcome: .failure(.library("libcurl is out of memory")))
    }
    let attempt = drive(
      transfer.easy,
      while: { job.interruption == .none },
      finish: { transfer.attempt(endingWith: $0) }
    )
    switch attempt.outcome {
    case .success:
      connection = Connection(
        isOpen: true,
        messages: attempt.connectionWasReused ? connection.messages + 1 : 1
      )
    case .failure: connection = Connection()
    }
    return attempt
  }

  /// Says QUIT, if the server is still there.
  private func hangUp(_ connection: inout Connection) {
    guard connection.isOpen,
      let easy = CurlTransfer.hangUp(client.configuration, seconds: Self.hangUpSeconds)
    else { return }
    drive(easy, while: { true }, finish: { _ in })
    curl_easy_cleanup(easy)
    connection = Connection()
  }

  /// Runs a transfer to its end, and hands libcurl's verdict to `finish` while the connection is
  /// still at hand; nil if the caller's interest ended first.
  private func drive<Value>(
    _ easy: UnsafeMutableRawPointer,
    while isWanted: () -> Bool,
    finish: (CURLcode?) -> Value
  ) -> Value {
    guard curl_multi_add_handle(multi.pointer, easy) == CURLM_OK else {
      return finish(CURLE_FAILED_INIT)
    }
    defer { curl_multi_remove_handle(multi.pointer, easy) }
    var running: CInt = 1
    while curl_multi_perform(multi.pointer, &running) == CURLM_OK, running > 0 {
      guard isWanted() else { return finish(nil) }
      curl_multi_poll(multi.pointer, nil, 0, 1000, nil)
    }
    var left: CInt = 0
    while let message = curl_multi_info_read(multi.pointer, &left) {
      if message.pointee.msg == CURLMSG_DONE { return finish(ccurl_message_result(message)) }
    }
    return finish(CURLE_FAILED_INIT)
  }
}

extension Duration {
  /// Rounded up, so that a wait of this length isn't short.
  var milliseconds: Int {
    let (seconds, attoseconds) = components
    return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
