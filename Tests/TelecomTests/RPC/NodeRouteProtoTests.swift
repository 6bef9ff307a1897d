import AgentProtocols
import Platform
import SubscriptionFormats
import TelecomProtos
import Testing

@testable import Telecom

@Suite struct NodeRouteProtoTests {
  @Test(arguments: [
    NodeRoute.Action.block, .blockIP, .blockPort, .blockProtocol, .dns(server: "192.0.2.53"),
    .direct,
  ])
  func `a route comes back from its message and from its stored JSON as it was`(
    action: NodeRoute.Action
  ) throws {
    let route = NodeRoute(id: 3, match: ["example\\.com", "日本"], action: action)
    #expect(try NodeRoute(Helium_Telecom_V1_NodeRoute(route)) == route)
    #expect(try JSON.decode([NodeRoute].self, from: JSON.encode([route])) == [route])
  }

  @Test func `an action and a program must be named`() {
    #expect(throws: InvalidInput.self) { try NodeRoute(Helium_Telecom_V1_NodeRoute()) }
    #expect(throws: InvalidInput.self) { try NodeSnippet(.unspecified) }
    #expect(throws: InvalidInput.self) { try NodeSnippet(.UNRECOGNIZED(99)) }
  }
}
