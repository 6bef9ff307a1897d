import Testing

@testable import AMQP

@Suite struct AMQPConfigurationTests {
  @Test func `a whole URI is read and decoded`() throws {
    let configuration = try AMQPConfiguration(
      url: "amqp://us%40er:p%2Fw@mq.example:5673/a%2Fb?heartbeat=7&connection_timeout=1500"
    )
    #expect(configuration.host == "mq.example")
    #expect(configuration.port == 5673)
    #expect(configuration.user == "us@er")
    #expect(configuration.password == "p/w")
    #expect(configuration.virtualHost == "a/b")
    #expect(configuration.heartbeat == 7)
    #expect(configuration.connectTimeout == .milliseconds(1_500))
    #expect(configuration.tls == nil)
  }

  @Test(arguments: [
    "amqp://localhost", "amqp://localhost/", "amqp://localhost/%2F", "amqp://localhost/%2f",
  ])
  func `what is left out has the broker's defaults`(url: String) throws {
    let configuration = try AMQPConfiguration(url: url)
    #expect(configuration.port == 5672)
    #expect(configuration.user == "guest")
    #expect(configuration.virtualHost == "/")
    #expect(configuration.publishWindow == 256)
  }

  @Test func `TLS has its own port and options`() throws {
    let configuration = try AMQPConfiguration(
      url: "amqps://mq/v?cacertfile=/ca.pem&certfile=/c.pem&keyfile=/k.pem&verify=verify_none"
    )
    #expect(configuration.port == 5671)
    #expect(
      configuration.tls
        == .init(authorities: "/ca.pem", certificate: "/c.pem", key: "/k.pem", verifiesPeer: false)
    )
    #expect(try AMQPConfiguration(url: "amqps://mq").tls?.verifiesPeer == true)
  }

  @Test func `an IPv6 address is taken out of its brackets`() throws {
    #expect(try AMQPConfiguration(url: "amqp://[::1]:5672/").host == "::1")
  }

  @Test(arguments: [
    ("http://localhost", AMQPConfigurationError.unknownScheme("http")),
    ("localhost:5672", .unknownScheme("localhost")),
    ("amqp:///v", .noHost),
    ("amqp://localhost?heartbeat=often", .invalidValue("heartbeat")),
    ("amqp://localhost?heartbeet=3", .unknownKey("heartbeet")),
    ("amqp://localhost?cacertfile=/ca.pem", .needsTLS("cacertfile")),
    ("amqps://localhost?certfile=/c.pem", .certificateWithoutKey),
    ("amqps://localhost?verify=maybe", .invalidValue("verify")),
    ("amqp://localhost:0", .invalidValue("port")),
  ])
  func `what is wrong is named`(url: String, error: AMQPConfigurationError) {
    #expect(throws: error) { try AMQPConfiguration(url: url) }
  }
}
