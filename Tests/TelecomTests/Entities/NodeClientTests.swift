import FoundationEssentials
import Platform
import Testing

@testable import Telecom

@Suite struct NodeClientTests {
  @Test func `a client that is no relay is stored as before there were relays`() throws {
    let before =
      #"{"server":1,"name":"Oslo","host":"a.example.com","port":0,"region":"","tags":[],"sortOrder":0,"enabled":true,"groups":[]}"#
    let spec = try JSON.decode(NodeClient.Spec.self, from: Array(before.utf8))
    let same = try NodeClient.Spec(server: 1, name: "Oslo", host: "a.example.com", groups: [])
    #expect(!spec.relay && spec == same)
    let text = String(decoding: try JSON.encode(spec), as: UTF8.self)
    #expect(!text.contains("relay"))
    let relay = try NodeClient.Spec(
      server: 1,
      name: "Oslo",
      host: "a.example.com",
      relay: true,
      groups: []
    )
    let again = try JSON.decode(NodeClient.Spec.self, from: try JSON.encode(relay))
    #expect(again.relay)
  }
}
