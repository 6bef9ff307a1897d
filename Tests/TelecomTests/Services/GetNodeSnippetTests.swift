import AgentProtocols
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct GetNodeSnippetTests {
  @Test(arguments: [NodeSnippet.xrayR, .v2bX])
  func `an agent's file has the panel, the node and its token, or what stands in the token's place`(
    program: NodeSnippet
  ) async throws {
    var settings = TelecomSettings()
    settings.nodeAPIURL = "https://nodes.example.com"
    try await withTelecom(settings: settings) { telecom in
      let token = telecom.server.token
      let id = telecom.server.server.id
      let whole = try await telecom.telecom.process(
        GetNodeSnippet(id: id, program: program, token: token),
        as: telecom.admin
      )
      #expect(
        whole.contains("https://nodes.example.com") && whole.contains(token.text)
          && whole.contains("NodeID")
      )
      let open = try await telecom.telecom.process(
        GetNodeSnippet(id: id, program: program, token: nil),
        as: telecom.admin
      )
      #expect(whole == open.replacing(GetNodeSnippet.placeholderToken, with: token.text))
    }
  }

  @Test func `sing-box's file has the users of the moment`() async throws {
    try await withTelecom { telecom in
      let snippet = GetNodeSnippet(id: telecom.server.server.id, program: .singBox, token: nil)
      let empty = try await telecom.telecom.process(snippet, as: telecom.admin)
      try await telecom.queue()
      let user = try await telecom.subscription().nodeUserID
      let served = try await telecom.telecom.process(snippet, as: telecom.admin)
      #expect(!empty.contains("\"\(user)\"") && served.contains("\"\(user)\""))
    }
  }

  @Test
  func `another server's token, no server, and a protocol that the program lacks are refused`()
    async throws
  {
    try await withTelecom { telecom in
      let id = telecom.server.server.id
      let telecomItself = telecom.telecom
      await #expect(throws: InvalidInput.self) {
        try await telecomItself.process(
          GetNodeSnippet(id: id, program: .xrayR, token: NodeToken(sent: "x")),
          as: telecom.admin
        )
      }
      await #expect(throws: NotFound("nodeServer")) {
        try await telecomItself.process(
          GetNodeSnippet(id: 99, program: .xrayR, token: nil),
          as: telecom.admin
        )
      }
      let tuic = TUICServer(
        listener: Listener(port: 443),
        tls: ServerTLS(serverName: "a.example.com")
      )
      let spec = try NodeServer.Spec(
        name: "TUIC",
        settings: .tuic(tuic),
        pushInterval: 60,
        pullInterval: 60
      )
      let other = try await telecomItself.process(CreateNodeServer(spec: spec), as: telecom.admin)
        .server.id
      await #expect(throws: NodeServer.SnippetError.programLacksProtocol) {
        try await telecomItself.process(
          GetNodeSnippet(id: other, program: .xrayR, token: nil),
          as: telecom.admin
        )
      }
    }
  }
}
