import Testing

@testable import Postgres

@Suite struct ConfigurationTests {
  @Test func `a URL's parts are read`() throws {
    let configuration = try PostgresConfiguration(
      url: "postgres://me:p%40ss@db.example:6432/shop?sslmode=verify-full&connect_timeout=3"
    )
    #expect(configuration.parameters["host"] == "db.example")
    #expect(configuration.parameters["port"] == "6432")
    #expect(configuration.parameters["password"] == "p@ss")
    #expect(configuration.parameters["sslmode"] == "verify-full")
  }

  @Test func `what is no URL is refused without repeating a password`() {
    for url in [
      "postgres://me:sec%zzret@host/db", "postgres://host/db?nonsense=1", "http://host", "",
    ] {
      let error = #expect(throws: PostgresConfigurationError.self) {
        try PostgresConfiguration(url: url)
      }
      #expect(error?.description.contains("sec") == false)
      #expect(error?.description.contains("postgres://user") == true)
    }
  }

  @Test func `several hosts are tried one after another, each name by its addresses`() throws {
    let configuration = try PostgresConfiguration(
      url: "postgres://me@127.0.0.1:1111,localhost:2222/db?target_session_attrs=primary"
    )
    let attempts = ConnectionParameters.attempts(configuration.parameters)
    #expect(attempts.first?["port"] == "1111")
    #expect(
      attempts.dropFirst().allSatisfy {
        $0["port"] == "2222" && $0["host"] == "localhost" && $0["hostaddr"] != nil
      }
    )
    #expect(attempts.allSatisfy { $0["target_session_attrs"] == "primary" })
  }

  @Test func `the URL's settings win over the driver's`() throws {
    let configuration = try PostgresConfiguration(
      url: "postgres://h/db?options=-c%20statement_timeout%3D5&application_name=x"
    )
    let parameters = ConnectionParameters.complete(configuration)
    #expect(parameters["options"]?.hasSuffix("-c statement_timeout=5") == true)
    #expect(parameters["application_name"] == "x")
  }

  @Test func `the server's code is found in libpq's text, in any language`() {
    let failure = ConnectionAttempt.Failure(
      verbose:
        "connection to server at \"::1\", port 1 failed: FATAL:  28P01: password authentication failed for user \"x\"\n"
        + "LOCATION:  auth_failed, auth.c:326\n"
    )
    #expect(failure.sqlState == "28P01")
    #expect(failure.isPermanent)
    #expect(
      failure.message.hasSuffix("failed: FATAL:  password authentication failed for user \"x\"")
    )
    #expect(
      ConnectionAttempt.Failure(verbose: "… FEHLER:  57P03: the database system is starting up")
        .isPermanent == false
    )
    #expect(ConnectionAttempt.Failure(verbose: "connection refused").sqlState == nil)
  }

  @Test(
    arguments: [
      "connection to server at \"::1\", port 1 failed: SSL SYSCALL error: EOF detected",
      "connection to server at \"::1\", port 1 failed: SSL SYSCALL error: Connection reset by peer",
      "connection to server at \"::1\", port 1 failed: SSL error: unexpected eof while reading",
      "SSL connection has been closed unexpectedly", "server closed the connection unexpectedly",
    ])
  func `a server that goes away while it is connected to is tried again, with TLS too`(text: String)
  {
    #expect(!ConnectionAttempt.Failure(verbose: text).isPermanent)
  }

  @Test(
    arguments: [
      "SSL error: certificate verify failed", "server does not support SSL, but SSL was required",
      "server certificate for \"a\" does not match host name \"b\"",
      "SSL error: tlsv1 alert unknown ca",
    ])
  func `settings of TLS that don't fit are reported at once`(text: String) {
    #expect(ConnectionAttempt.Failure(verbose: text).isPermanent)
  }

  @Test func `limits below a millisecond do not become none`() {
    #expect(Duration.microseconds(1).milliseconds == 1)
    #expect(Duration.milliseconds(1500).milliseconds == 1500)
  }
}
