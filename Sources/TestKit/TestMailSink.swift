package import LocalServers
package import SystemPackage

/// An SMTP server of one test's own, which keeps what it is sent.
package struct TestMailSink: Sendable {
  package let servers: LocalServers
  package let url: String

  /// Where the messages are, one `.eml` file each. Each begins with `X-Envelope-From` and
  /// `X-Envelope-To` headers.
  package var directory: FilePath { servers.mailDirectory }

  /// Lets the next messages fail.
  package func fault(_ fault: LocalServers.MailFault, next count: Int) throws {
    try servers.faultNextMails(fault, count: count)
  }

  /// The texts of all messages so far, in order of arrival.
  package func messages() -> [String] { servers.mails() }
}

/// Runs a test with a mail sink of its own.
package func withTestMailSink<Result>(_ body: (TestMailSink) async throws -> Result) async throws
  -> Result
{
  try await withTestServers([.mailSink]) { servers in
    guard let url = servers.smtpURL else { throw LocalServers.MissingServer.mailSink }
    return try await body(TestMailSink(servers: servers, url: url))
  }
}
