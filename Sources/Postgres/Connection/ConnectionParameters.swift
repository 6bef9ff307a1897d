import CLibpq
import Glibc

/// libpq's connection parameters: parsing a URL, completing them with the driver's, and listing the
/// addresses to try.
enum ConnectionParameters {
  static func parse(_ url: String) throws(PostgresConfigurationError) -> [String: String] {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(url, &message) else {
      let text = message.map { String(cString: $0) } ?? "out of memory"
      PQfreemem(message)
      throw PostgresConfigurationError(
        reason: String(text.prefix { $0 != "\"" && $0 != "\n" }).trimmingSuffix(": ")
      )
    }
    defer { PQconninfoFree(options) }
    var parameters: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val {
        parameters[String(cString: keyword)] = String(cString: value)
      }
      option += 1
    }
    guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") || !parameters.isEmpty
    else {
      throw PostgresConfigurationError(reason: "it names no server")
    }
    return parameters
  }

  /// The URL's parameters and, where it is silent, the driver's.
  static func complete(_ configuration: PostgresConfiguration) -> [String: String] {
    let defaults = [
      "fallback_application_name": configuration.applicationName,
      // A peer that is gone without a word is noticed after about half a minute.
      "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3",
      "tcp_user_timeout": "30000",
    ]
    var parameters = defaults.merging(configuration.parameters) { $1 }
    // Text is UTF-8 throughout the driver; binary formats need no other setting.
    parameters["client_encoding"] = "UTF8"
    let options = [
      "-c statement_timeout=\(configuration.statementTimeout.milliseconds)",
      "-c idle_in_transaction_session_timeout=\(configuration.idleInTransactionTimeout.milliseconds)",
    ]
    // The URL's options come last and win.
    parameters["options"] = (options + [configuration.parameters["options"] ?? ""]).joined(
      separator: " "
    )
    return parameters
  }

  /// One set of parameters per address, in order: hosts as listed, and each name's addresses as the
  /// resolver gives them. It blocks.
  ///
  /// libpq tries them all by itself, but without a limit of time for each when it does not block.
  static func attempts(_ parameters: [String: String]) -> [[String: String]] {
    func list(_ keyword: String) -> [String] {
      (parameters[keyword] ?? "").split(separator: ",", omittingEmptySubsequences: false).map {
        String($0)
      }
    }
    let hosts = list("host")
    let addresses = list("hostaddr")
    let ports = list("port")
    var attempts: [[String: String]] = []
    for index in 0..<max(hosts.count, addresses.count, 1) {
      var attempt = parameters
      let host = index < hosts.count ? hosts[index] : ""
      let given = index < addresses.count ? addresses[index] : ""
      attempt["host"] = host.isEmpty ? nil : host
      attempt["hostaddr"] = given.isEmpty ? nil : given
      attempt["port"] = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : nil
      let resolved =
        given.isEmpty && !host.isEmpty && !host.hasPrefix("/") && !host.hasPrefix("@")
        ? resolve(host) : []
      // A name that can't be resolved is left to libpq, which says so best.
      attempts +=
        resolved.isEmpty ? [attempt] : resolved.map { attempt.merging(["hostaddr": $0]) { $1 } }
    }
    if parameters["target_session_attrs"] == "prefer-standby" {
      func asking(_ attributes: String) -> [[String: String]] {
        attempts.map { $0.merging(["target_session_attrs": attributes]) { $1 } }
      }
      return asking("standby") + asking("any")
    }
    return attempts
  }

  private static func resolve(_ host: String) -> [String] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var addresses: [String] = []
    var next = list
    while let info = next?.pointee {
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      if getnameinfo(
        info.ai_addr,
        info.ai_addrlen,
        &text,
        socklen_t(text.count),
        nil,
        0,
        NI_NUMERICHOST
      ) == 0 {
        addresses.append(
          text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        )
      }
      next = info.ai_next
    }
    return addresses
  }
}

extension Duration {
  /// Whole milliseconds, rounded up: a limit of less than one must not become 0, which the server
  /// reads as none.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
  }
}

extension String {
  func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
