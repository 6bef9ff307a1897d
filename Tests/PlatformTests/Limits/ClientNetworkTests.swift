import Platform
import Testing

@Suite struct ClientNetworkTests {
  @Test(
    arguments: [
      ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"),
      ("2001:db8:1:2:3::4", "20:1:d:b8:0:1:0:2"),
      ("2001:db8:1:2:ffff::", "20:1:d:b8:0:1:0:2"), ("127.0.0.1", nil), ("127.1.2.3", nil),
      ("::1", nil), ("::ffff:127.0.0.1", nil),
      ("", nil), ("unix", nil), ("192.0.2.1:80", nil),
    ] as [(String, String?)]
  )
  func
    `callers are told apart by address, or by the 64 bits that a provider gives, and this machine is no caller`(
      address: String,
      subject: String?
    )
  {
    #expect(ClientNetwork.subject(of: address) == subject)
  }
}
