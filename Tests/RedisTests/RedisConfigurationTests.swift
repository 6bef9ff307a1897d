import Testing

@testable import Redis

@Suite struct RedisConfigurationTests {
  @Test func `a URL gives the address, who we are and the database`() throws {
    let configuration = try RedisConfiguration(
      url: "redis://worker:p%40ss%2Fword@redis.internal:6380/7"
    )
    #expect(
      configuration.host == "redis.internal" && configuration.port == 6380
        && configuration.database == 7
    )
    #expect(
      configuration.username == "worker" && configuration.password == "p@ss/word"
        && configuration.tls == nil
    )
  }

  @Test(arguments: ["redis://localhost", "redis://localhost/", "REDIS://localhost"])
  func `what a URL leaves out has Redis's defaults`(_ url: String) throws {
    let configuration = try RedisConfiguration(url: url)
    #expect(configuration.port == 6379 && configuration.database == 0)
    #expect(configuration.username == nil && configuration.password == nil)
  }

  @Test func `an IPv6 address stands in brackets`() throws {
    let configuration = try RedisConfiguration(url: "redis://[::1]:7000/1")
    #expect(configuration.host == "::1" && configuration.port == 7000)
    #expect("\(configuration)" == "redis://[::1]:7000/1")
  }

  @Test func `rediss is TLS, with the files the options name`() throws {
    let configuration = try RedisConfiguration(
      url: "rediss://r/0?ca_file=/etc/ca.pem&cert_file=/c.pem&key_file=/k.pem&insecure=true"
    )
    #expect(
      configuration.tls?.authoritiesFile == "/etc/ca.pem"
        && configuration.tls?.acceptsAnyCertificate == true
    )
    #expect(
      configuration.tls?.certificateFile == "/c.pem"
        && configuration.tls?.privateKeyFile == "/k.pem"
    )
    #expect(try RedisConfiguration(url: "rediss://r").tls?.acceptsAnyCertificate == false)
  }

  @Test(
    arguments: [
      ("", RedisConfigurationError.malformedURL),
      ("http://host", .unsupportedScheme("http")),
      ("redis:///1", .missingHost),
      ("redis://host:70000", .malformedPort(70_000)),
      ("redis://host/seven", .malformedDatabase("seven")),
      ("redis://host/1/2", .malformedDatabase("1/2")),
      ("redis://host?ca_file=/x", .unknownOption("ca_file")),
      ("rediss://host?timeout=3", .unknownOption("timeout")),
      ("rediss://host?insecure=yes", .malformedOption("insecure")),
      ("rediss://host?ca_file=", .malformedOption("ca_file")),
      ("rediss://host?cert_file=/c.pem", .incompleteClientCertificate),
    ])
  func `a URL that is wrong is refused with what is wrong`(
    _ url: String,
    _ error: RedisConfigurationError
  ) {
    #expect(throws: error) { try RedisConfiguration(url: url) }
  }

  @Test func `no description has the password`() throws {
    let configuration = try RedisConfiguration(url: "redis://worker:s3cret@host")
    #expect(!"\(configuration)\(String(reflecting: configuration))".contains("s3cret"))
  }
}
