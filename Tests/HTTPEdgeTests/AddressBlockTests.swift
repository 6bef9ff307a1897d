import HTTPEdge
import Testing

@Suite struct AddressBlockTests {
  @Test(
    arguments: [
      ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
      ("192.0.2.128/25", "192.0.2.127", false),
      ("192.0.2.128/25", "192.0.2.128", true), ("192.0.2.1", "192.0.2.1", true),
      ("192.0.2.1", "192.0.2.2", false),
      ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false),
      ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false),
      ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
      ("10.0.0.0/8", "::ffff:10.1.2.3", true),
      ("10.0.0.0/8", "host", false), ("10.0.0.0/8", "", false),
    ])
  func `a block holds the addresses that share its prefix`(
    block: String,
    address: String,
    isHeld: Bool
  ) throws {
    #expect(try #require(AddressBlock(block)).contains(address) == isHeld)
  }

  @Test(arguments: [
    "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "fd00::/129", "host/8",
    "10.0.0.0/8/8",
  ])
  func `anything else is no block`(text: String) {
    #expect(AddressBlock(text) == nil)
  }
}

@Suite struct TrustedProxiesTests {
  private let proxies = TrustedProxies(
    [AddressBlock("10.0.0.0/8"), AddressBlock("fd00::/8")].compactMap { $0 }
  )

  @Test func `what an untrusted peer forwards doesn't count`() {
    #expect(
      proxies.clientAddress(peer: "203.0.113.1", forwardedFor: ["198.51.100.1"]) == "203.0.113.1"
    )
  }

  @Test
  func
    `the client is the last hop that is no trusted proxy, whatever the client itself put before it`()
  {
    #expect(
      proxies.clientAddress(peer: "10.0.0.1", forwardedFor: ["192.0.2.66, 198.51.100.1"])
        == "198.51.100.1"
    )
    #expect(
      proxies.clientAddress(peer: "10.0.0.1", forwardedFor: ["192.0.2.66,198.51.100.1 , fd00::2"])
        == "198.51.100.1"
    )
    #expect(
      proxies.clientAddress(peer: "10.0.0.1", forwardedFor: ["192.0.2.66", "198.51.100.1"])
        == "198.51.100.1"
    )
  }

  @Test func `when every hop is a proxy, the first of them is the client`() {
    #expect(
      proxies.clientAddress(peer: "10.0.0.1", forwardedFor: ["10.0.0.3, 10.0.0.2"]) == "10.0.0.3"
    )
    #expect(proxies.clientAddress(peer: "10.0.0.1", forwardedFor: []) == "10.0.0.1")
  }

  @Test(arguments: ["unknown", "198.51.100.1:80", "", "198.51.100.1, unknown"])
  func `a hop that is no address ends the chain`(header: String) {
    #expect(proxies.clientAddress(peer: "10.0.0.1", forwardedFor: [header]) == "10.0.0.1")
  }
}
