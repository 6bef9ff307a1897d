import Configuration
import Manage
import Platform
import Testing

@testable import Server

@Suite struct ConfigurationTests {
  @Test func `everything that is wrong is named at once, with an example`() {
    let environment = ConfigReader(
      provider: EnvironmentVariablesProvider(environmentVariables: [
        "WORK_MODE": "gprc", "DATABASE_URL": "mysql://x", "HEALTH_CHECK_PORT": "many", "GRPC_LISTEN": "50051",
        "TRUSTED_PROXIES": "10.0.0.0/99",
      ]))
    let error = #expect(throws: ConfigurationError.self) { try ServerConfiguration(environment) }
    let variables = Set(error?.problems.map(\.variable) ?? [])
    #expect(
      variables == [
        "WORK_MODE", "DATABASE_URL", "REDIS_URL", "MQ_URL", "HEALTH_CHECK_PORT", "GRPC_LISTEN", "TRUSTED_PROXIES", "HELIUM_MASTER_KEY_FILE",
      ])
    #expect(error?.problems.allSatisfy { !$0.problem.isEmpty && !$0.example.isEmpty } == true)
  }

  @Test func `every admin operation has a row in the permission table`() {
    let missing = PermissionTable.helium.missing(of: Modules.adminOperations)
    #expect(missing.isEmpty)
  }

  @Test(arguments: ["127.0.0.1:80", "[::1]:0", "localhost:65535"]) func `an address is host and port`(text: String) {
    #expect(ListenAddress(text)?.description == text)
  }

  @Test(arguments: ["", "80", ":80", "host:", "host:65536", "::1:80", "host:-1"]) func `anything else is no address`(text: String) {
    #expect(ListenAddress(text) == nil)
  }

  @Test func `only hops that trusted proxies added count`() throws {
    let proxies = TrustedProxies([try #require(AddressBlock("10.0.0.0/8"))])
    #expect(proxies.clientAddress(peer: "10.1.1.1", forwardedFor: ["1.1.1.1, 2.2.2.2"]) == "2.2.2.2")
    #expect(proxies.clientAddress(peer: "10.1.1.1", forwardedFor: ["2.2.2.2, 10.9.9.9"]) == "2.2.2.2")
    #expect(proxies.clientAddress(peer: "9.9.9.9", forwardedFor: ["1.1.1.1"]) == "9.9.9.9")
  }

  @Test func `readyz has the contract's bodies`() throws {
    let names = ["database", "redis", "rabbitmq"]
    #expect(
      try HealthServer.body(.init(failures: [:]), names: names)
        == #"{"status":"ok","database":"ok","redis":"ok","rabbitmq":"ok"}"#)
    #expect(
      try HealthServer.body(.init(failures: ["redis": "Connection refused"]), names: names)
        == #"{"status":"error","database":"ok","redis":"error","rabbitmq":"ok","error":"redis: Connection refused"}"#)
  }
}
