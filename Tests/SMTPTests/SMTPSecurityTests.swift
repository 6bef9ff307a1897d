import Foundation
import Logging
import Testing

@testable import SMTP

/// TLS and log-in, one server for each test.
@Suite(.serialized) struct SMTPSecurityTests {
  let good = "us%20er%40example.com:p%C3%A4%3Ass%2Fw%40rd@"
  let bad = "us%20er%40example.com:wrong@"

  @Test(arguments: ["PLAIN", "LOGIN"])
  func `STARTTLS with a trusted certificate and a log-in`(mechanism: String) async throws {
    let sink = try MailSink(.startTLS)
    let client = try sink.client(
      "smtp://\(good)127.0.0.1:\(sink.port)?auth=\(mechanism.lowercased())"
    ) { $0.caFile = sink.certificate }
    _ = try await client.send(.sample())
    _ = try await client.send(.sample())
    #expect(try sink.messages.map(\.connection) == [1, 1])
    #expect(sink.events.contains("auth \(mechanism)"))
    await client.close()
  }

  @Test func `TLS from the first byte`() async throws {
    let sink = try MailSink(.implicitTLS)
    let client = try sink.client("smtps://localhost:\(sink.port)") { $0.caFile = sink.certificate }
    #expect(await client.error(sending: .sample()) == nil)
    await client.close()
  }

  @Test(arguments: [MailSink.Mode.startTLS, .implicitTLS])
  func `an untrusted certificate gets no mail and no password`(mode: MailSink.Mode) async throws {
    let sink = try MailSink(mode)
    let scheme = mode == .implicitTLS ? "smtps" : "smtp"
    let client = try sink.client("\(scheme)://\(good)127.0.0.1:\(sink.port)")
    let error = await client.error(sending: .sample())
    guard case .tls(let text) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("certificate"))
    #expect(try sink.messages.isEmpty)
    #expect(!sink.events.contains { $0.hasPrefix("auth") })
    let careless = try sink.client("\(scheme)://127.0.0.1:\(sink.port)?insecure=true")
    #expect(await careless.error(sending: .sample()) == nil)
    await client.close()
    await careless.close()
  }

  @Test func `a certificate for another name is refused`() async throws {
    let sink = try MailSink(.startTLS)
    // The certificate names localhost and 127.0.0.1; this is another name of the same address.
    let client = try sink.client("smtp://[::ffff:127.0.0.1]:\(sink.port)") {
      $0.caFile = sink.certificate
    }
    guard case .tls(let text) = await client.error(sending: .sample()) else {
      Issue.record("the name doesn't matter")
      return
    }
    #expect(text.contains("name"))
    #expect(try sink.messages.isEmpty)
    await client.close()
  }

  @Test func `required STARTTLS is not given up where the server has none`() async throws {
    let sink = try MailSink()
    let client = try sink.client("smtp://127.0.0.1:\(sink.port)?starttls=required")
    guard case .tls = await client.error(sending: .sample()) else {
      Issue.record("sent in the clear")
      return
    }
    #expect(try sink.messages.isEmpty)
    let opportunist = try sink.client("smtp://127.0.0.1:\(sink.port)?starttls=opportunistic")
    #expect(await opportunist.error(sending: .sample()) == nil)
    await client.close()
    await opportunist.close()
  }

  @Test func `opportunistic STARTTLS is used where there is one`() async throws {
    // This sink takes no mail without TLS.
    let sink = try MailSink(.startTLS)
    let client = try sink.client("smtp://127.0.0.1:\(sink.port)?starttls=opportunistic") {
      $0.caFile = sink.certificate
    }
    #expect(await client.error(sending: .sample()) == nil)
    await client.close()
  }

  @Test(arguments: ["plain", "login"])
  func `a wrong password is told apart from a refused message`(mechanism: String) async throws {
    let sink = try MailSink(.login)
    let client = try sink.client(
      "smtp://\(bad)127.0.0.1:\(sink.port)?starttls=off&auth=\(mechanism)"
    )
    let error = await client.error(sending: .sample())
    guard case .authentication(let reply?) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reply.code == 535)
    #expect(!"\(error as Any)".contains("wrong"))
    #expect(try sink.messages.isEmpty)
    await client.close()
  }

  @Test func `a server that wants a log-in says so`() async throws {
    let sink = try MailSink(.login)
    let client = try sink.client()
    guard case .authentication(let reply?) = await client.error(sending: .sample()) else {
      Issue.record("not an authentication error")
      return
    }
    #expect(reply.code == 530)
    await client.close()
  }

  @Test func `verify connects and logs in`() async throws {
    let sink = try MailSink(.login)
    let client = try sink.client("smtp://\(good)127.0.0.1:\(sink.port)?starttls=off")
    #expect(try await client.verify().code == 250)
    let stranger = try sink.client("smtp://\(bad)127.0.0.1:\(sink.port)?starttls=off")
    await #expect(throws: SMTPError.self) { try await stranger.verify() }
    await client.close()
    await stranger.close()
  }
}
