import CCurl
import Glibc

/// One command or message on its way through libcurl, used by one thread.
final class CurlTransfer {
  let easy: UnsafeMutableRawPointer
  private let job: SMTPJob
  private var parser = SMTPReplyParser()
  private var mime: OpaquePointer?
  private var lists: [UnsafeMutablePointer<curl_slist>] = []
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  /// How one try to send ended.
  struct Attempt {
    let outcome: SMTPJob.Outcome
    var connectionWasReused = false
    /// The connection had been closed by the server between two messages, and nothing of this one
    /// was sent: a new one may do.
    var connectionWasStale = false
  }

  /// Nil where libcurl has no memory. A fresh transfer makes a new connection.
  init?(of job: SMTPJob, configuration: SMTPConfiguration, isFresh: Bool) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    self.job = job
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    guard Self.configure(easy, configuration), observe(), limit(configuration), load(job.task),
      Self.set(easy, CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0)
    else { return nil }
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_mime_free(mime)
    for list in lists { curl_slist_free_all(list) }
    errorText.deallocate()
  }

  /// Reads the result of a transfer; without a code it was abandoned because its caller no longer
  /// waits.
  func attempt(endingWith code: CURLcode?) -> Attempt {
    var connects = 0
    var uploaded: curl_off_t = 0
    ccurl_get_long(easy, CURLINFO_NUM_CONNECTS, &connects)
    ccurl_get_offset(easy, CURLINFO_SIZE_UPLOAD_T, &uploaded)
    if code == CURLE_OK {
      return Attempt(
        outcome: .success(parser.last ?? SMTPReply(code: 250, text: "")),
        connectionWasReused: connects == 0
      )
    }
    breakConnection()
    let delivery: SMTPError.Delivery = uploaded > 0 ? .possible : .impossible
    let reply = parser.last
    if !(reply?.isFailure ?? false), let error = job.interruptionError(delivery: delivery) {
      return Attempt(outcome: .failure(error))
    }
    let error = SMTPError(
      code: code ?? CURLE_ABORTED_BY_CALLBACK,
      reply: reply,
      text: message(of: code),
      delivery: delivery,
      deadlineHasPassed: ContinuousClock.now >= job.deadline
    )
    return Attempt(
      outcome: .failure(error),
      connectionWasStale: connects == 0 && error.meansStaleConnection
    )
  }

  /// Makes sure that nobody gets this connection again: libcurl 7.88 keeps one whose last answer is
  /// still to come, and would take that answer for the next message's.
  private func breakConnection() {
    var socket: curl_socket_t = -1
    ccurl_get_socket(easy, CURLINFO_ACTIVESOCKET, &socket)
    if socket >= 0 { shutdown(socket, Int32(SHUT_RDWR)) }
  }

  /// A last NOOP over the open connection, after which libcurl says QUIT; it never opens a
  /// connection.
  static func hangUp(_ configuration: SMTPConfiguration, seconds: Int) -> UnsafeMutableRawPointer? {
    guard let easy = curl_easy_init() else { return nil }
    let isReady =
      configure(easy, configuration)
      && set(easy, CURLOPT_CUSTOMREQUEST, "NOOP")
      && set(easy, CURLOPT_NOBODY, 1)
      && set(easy, CURLOPT_FORBID_REUSE, 1)
      && set(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds)
      && set(easy, CURLOPT_TIMEOUT_MS, seconds * 1000)
      && ccurl_set_header_function(easy, { _, size, count, _ in size * count }, nil) == CURLE_OK
      && ccurl_set_socket_function(easy) { _, _, _ in -1 } == CURLE_OK
    guard isReady else {
      curl_easy_cleanup(easy)
      return nil
    }
    return easy
  }

  // MARK: - Options

  /// What makes a connection, the same for all transfers of a client, so that libcurl finds an open
  /// one to fit.
  private static func configure(_ easy: UnsafeMutableRawPointer, _ configuration: SMTPConfiguration)
    -> Bool
  {
    let scheme = configuration.security == .implicitTLS ? "smtps" : "smtp"
    let useSSL =
      switch configuration.security {
      case .off: CURLUSESSL_NONE
      case .opportunistic: CURLUSESSL_TRY
      case .required, .implicitTLS: CURLUSESSL_ALL
      }
    var isReady =
      set(
        easy,
        CURLOPT_URL,
        "\(scheme)://\(configuration.host):\(configuration.port)/\(configuration.clientName ?? "")"
      )
      && set(easy, CURLOPT_PROTOCOLS_STR, scheme)
      // Signals belong to the process, not to a library on one of its threads.
      && set(easy, CURLOPT_NOSIGNAL, 1)
      // Not even the environment's.
      && set(easy, CURLOPT_PROXY, "")
      && set(easy, CURLOPT_TCP_KEEPALIVE, 1)
      && set(easy, CURLOPT_USE_SSL, Int(useSSL.rawValue))
      && set(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
      && set(easy, CURLOPT_SSL_VERIFYPEER, configuration.insecure ? 0 : 1)
      && set(easy, CURLOPT_SSL_VERIFYHOST, configuration.insecure ? 0 : 2)
      && set(
        easy,
        CURLOPT_LOGIN_OPTIONS,
        configuration.mechanism.map { "AUTH=\($0.rawValue)" } ?? "AUTH=PLAIN;AUTH=LOGIN"
      )
    if let caFile = configuration.caFile { isReady = isReady && set(easy, CURLOPT_CAINFO, caFile) }
    if let credentials = configuration.credentials {
      isReady =
        isReady && set(easy, CURLOPT_USERNAME, credentials.user)
        && set(easy, CURLOPT_PASSWORD, credentials.password)
    }
    return isReady
  }

  private func observe() -> Bool {
    let context = Unmanaged.passUnretained(self).toOpaque()
    return ccurl_set_header_function(
      easy,
      { data, size, count, context in
        guard let data, let context else { return 0 }
        let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
        Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().parser.receive(
          String(decoding: bytes, as: UTF8.self)
        )
        return size * count
      },
      context
    ) == CURLE_OK
      && ccurl_set_progress_function(
        easy,
        { context, _, _, _, _ in
          guard let context else { return 1 }
          return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().job.interruption
            == .none ? 0 : 1
        },
        context
      ) == CURLE_OK
      && Self.set(easy, CURLOPT_NOPROGRESS, 0)
      && ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText) == CURLE_OK
  }

  private func limit(_ configuration: SMTPConfiguration) -> Bool {
    // Rounded up: libcurl's limit never comes before the deadline, so it is never taken for another
    // failure.
    let left = max(0, (job.deadline - ContinuousClock.now).milliseconds) + 1
    return Self.set(easy, CURLOPT_TIMEOUT_MS, left)
      && Self.set(
        easy,
        CURLOPT_CONNECTTIMEOUT_MS,
        min(left, configuration.connectTimeout.milliseconds)
      )
      // The server's patience is the caller's: libcurl's own limit must not come first.
      && Self.set(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, left / 1000 + 1)
  }

  private func load(_ task: SMTPJob.Task) -> Bool {
    switch task {
    case .check: Self.set(easy, CURLOPT_CUSTOMREQUEST, "NOOP") && Self.set(easy, CURLOPT_NOBODY, 1)
    case .send(let message): load(message)
    }
  }

  private func load(_ message: SMTPMessage) -> Bool {
    guard let recipients = list(message.to.map { "<\($0.address)>" }),
      let headers = list(message.headerFields),
      let mime = curl_mime_init(easy)
    else { return false }
    self.mime = mime
    // The better form comes last (RFC 2046 section 5.1.4).
    guard add(message.text, type: "text/plain", to: mime),
      message.html.map({ add($0, type: "text/html", to: mime) }) ?? true
    else {
      return false
    }
    return Self.set(easy, CURLOPT_MAIL_FROM, "<\(message.from.address)>")
      && ccurl_set_list(easy, CURLOPT_MAIL_RCPT, recipients) == CURLE_OK
      && ccurl_set_list(easy, CURLOPT_HTTPHEADER, headers) == CURLE_OK
      && ccurl_set_mime(easy, mime) == CURLE_OK
  }

  private func add(_ text: String, type: String, to mime: OpaquePointer) -> Bool {
    let body = MailBody(text)
    let part = curl_mime_addpart(mime)
    return curl_mime_data(part, body.content, body.content.utf8.count) == CURLE_OK
      && curl_mime_type(part, "\(type); charset=utf-8") == CURLE_OK
      && curl_mime_encoder(part, body.encoding.rawValue) == CURLE_OK
  }

  private func list(_ items: [String]) -> UnsafeMutablePointer<curl_slist>? {
    var head: UnsafeMutablePointer<curl_slist>?
    for item in items {
      guard let extended = curl_slist_append(head, item) else {
        curl_slist_free_all(head)
        return nil
      }
      head = extended
    }
    if let head { lists.append(head) }
    return head
  }

  private func message(of code: CURLcode?) -> String {
    let text = String(cString: errorText)
    guard text.isEmpty, let code else { return text }
    return String(cString: curl_easy_strerror(code))
  }

  private static func set(_ easy: UnsafeMutableRawPointer, _ option: CURLoption, _ value: String)
    -> Bool
  {
    ccurl_set_string(easy, option, value) == CURLE_OK
  }

  private static func set(_ easy: UnsafeMutableRawPointer, _ option: CURLoption, _ value: Int)
    -> Bool
  {
    ccurl_set_long(easy, option, value) == CURLE_OK
  }
}
