import AMQP
import FoundationEssentials
import LocalServers
import TestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct SecurityTests {
  @Test func `a wrong password is told at once`() async throws {
    try await withTestMessaging { messaging in
      let client = try makeClient(
        messaging.url.replacing(/:\/\/helium:[^@]*@/, with: "://helium:wrong@")
      )
      await #expect(throws: AMQPError.unavailable(.authenticationRefused)) {
        try await client.ping()
      }
      await #expect(throws: AMQPError.unavailable(.authenticationRefused)) {
        try await client.put("x", into: "q")
      }
      await client.close()
    }
  }

  @Test func `an unknown vhost is told at once`() async throws {
    try await withTestMessaging { messaging in
      let client = try makeClient(messaging.url + "-missing")
      let error = await #expect(throws: AMQPError.self) { try await client.ping() }
      guard case .unavailable(.closedByBroker(530, _)) = error else {
        return #expect(Bool(false), "\(String(describing: error))")
      }
      await client.close()
    }
  }

  @Test func `TLS to a plain port fails with its cause at the deadline`() async throws {
    try await withTestMessaging { messaging in
      let client = try makeClient(messaging.url.replacing("amqp://", with: "amqps://"))
      let error = await #expect(throws: AMQPError.self) {
        try await client.ping(deadline: .seconds(2))
      }
      guard case .unavailable(.unreachable(let text)) = error else {
        return #expect(Bool(false), "\(String(describing: error))")
      }
      #expect(text.contains("SSL"))
      await client.close()
    }
  }

  @Test func `a certificate is trusted by its authority, and by nothing else`() async throws {
    try await withTestMessaging { messaging in
      try await TLSFront.with(target: AMQPConfiguration(url: messaging.url).port) { front in
        let secure = messaging.url.replacing("amqp://", with: "amqps://").replacing(
          /@127\.0\.0\.1:\d+/,
          with: "@localhost:\(front.port)"
        )

        let trusting = try makeClient(secure + "?cacertfile=\(front.certificate)")
        try await trusting.declare(.queue("q"))
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<500 { group.addTask { try await trusting.put("\(number)", into: "q") } }
          try await group.waitForAll()
        }
        let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
        let consumer = trusting.consume("q", prefetch: 100)
        for _ in 0..<500 { try #require(try await consumer.next()).ack() }
        try await trusting.publish(AMQPMessage(body: body), exchange: "", routingKey: "q")
        #expect(try await consumer.next()?.message.body == body)
        await trusting.close()

        let distrusting = try makeClient(secure)
        let error = await #expect(throws: AMQPError.self) { try await distrusting.ping() }
        guard case .unavailable(.untrusted) = error else {
          return #expect(Bool(false), "\(String(describing: error))")
        }
        await distrusting.close()

        // The certificate is for localhost, not for the address.
        let misnamed = try makeClient(
          secure.replacing("@localhost:", with: "@127.0.0.1:") + "?cacertfile=\(front.certificate)"
        )
        let other = await #expect(throws: AMQPError.self) { try await misnamed.ping() }
        guard case .unavailable(.untrusted) = other else {
          return #expect(Bool(false), "\(String(describing: other))")
        }
        await misnamed.close()

        let careless = try makeClient(secure + "?verify=verify_none")
        try await careless.ping()
        await careless.close()
      }
    }
  }

  @Test func `a certificate file that is missing is named`() async throws {
    try await withTestMessaging { messaging in
      let client = try makeClient(
        messaging.url.replacing("amqp://", with: "amqps://") + "?cacertfile=/nonexistent/ca.pem"
      )
      await #expect(
        throws: AMQPError.unavailable(
          .untrusted("can't read certificates from /nonexistent/ca.pem")
        )
      ) {
        try await client.ping()
      }
      await client.close()
    }
  }
}
