import LocalServers
import Subprocess
import SystemPackage
import Testing

@Suite struct MailSinkTests {
  @Test func `a message is kept whole, with its envelope, and faults go by the count`() async throws
  {
    let servers = try await LocalServers.start(
      .init(
        directory: Scratch.newPath(),
        kinds: [.mailSink],
        isDurable: false,
        removesDirectory: true
      )
    )
    let port = try #require(servers.smtpURL.flatMap(Scratch.port))
    #expect(try await send("first", to: port) == "kept")
    try servers.faultNextMails(.refuseForNow, count: 1)
    #expect(try await send("second", to: port) == "451")
    try servers.faultNextMails(.refuseForGood, count: 1)
    #expect(try await send("third", to: port) == "554")
    try servers.faultNextMails(.dropAfterData, count: 1)
    #expect(try await send("fourth", to: port) == "dropped")
    #expect(try await send("fifth", to: port) == "kept")
    let mails = servers.mails()
    #expect(mails.count == 3)
    #expect(mails.first?.contains("X-Envelope-To: b@example.org") == true)
    #expect(zip(mails, ["first", "fourth", "fifth"]).allSatisfy { $0.contains("Subject: \($1)") })
    await servers.stop()
  }

  /// Sends with Python's own client, so that the sink is not judged by a client of this package.
  private func send(_ subject: String, to port: Int) async throws -> String {
    let program = """
      import smtplib, sys
      try:
          with smtplib.SMTP("127.0.0.1", \(port)) as client:
              client.sendmail("a@example.org", ["b@example.org"], "Subject: \(subject)\\r\\n\\r\\n.dot\\r\\n")
          print("kept", end="")
      except smtplib.SMTPDataError as error:
          print(error.smtp_code, end="")
      except smtplib.SMTPServerDisconnected:
          print("dropped", end="")
      """
    return try await run(
      .path("/usr/bin/python3"),
      arguments: ["-c", program],
      output: .string(limit: 4_096),
      error: .discarded
    ).standardOutput
  }
}
