import CCurl

extension SMTPError {
  /// libcurl's verdict in terms of mail. A reply that refuses says more than the code, except about
  /// TLS and log-in.
  init(code: CURLcode, reply: SMTPReply?, text: String, delivery: Delivery, deadlineHasPassed: Bool)
  {
    let refusal = reply.flatMap { $0.isFailure ? $0 : nil }
    switch code {
    case CURLE_LOGIN_DENIED: self = .authentication(refusal)
    case CURLE_USE_SSL_FAILED, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      self = .tls(text)
    case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION,
      CURLE_BAD_FUNCTION_ARGUMENT,
      CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT:
      self = .library(text)
    case CURLE_OPERATION_TIMEDOUT where deadlineHasPassed: self = .timeout(delivery: delivery)
    default:
      if let refusal {
        self =
          refusal.code == Self.authenticationRequired
          ? .authentication(refusal) : .rejected(refusal)
      } else {
        self = .connection(text, delivery: delivery)
      }
    }
  }

  /// RFC 4954 section 6.
  private static let authenticationRequired = 530
  /// "Service not available, closing transmission channel": how servers end an idle session (RFC
  /// 5321 section 3.8).
  private static let serviceNotAvailable = 421

  /// Whether a connection that had been idle ended rather than the message being refused.
  var meansStaleConnection: Bool {
    switch self {
    case .rejected(let reply): reply.code == Self.serviceNotAvailable
    case .connection(_, let delivery): delivery == .impossible
    default: false
    }
  }
}
