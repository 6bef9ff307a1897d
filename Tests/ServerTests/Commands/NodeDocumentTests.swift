import Platform
import Testing

@testable import Server

@Suite struct NodeDocumentTests {
  private func users(_ json: String) throws -> NodeCheck.Users {
    try JSON.decode(NodeCheck.Users.self, from: Array(json.utf8))
  }

  @Test func `customers are counted, with those whose package limits them`() throws {
    let users = try users(
      #"{"users":[{"id":1001,"uuid":"a","speed_limit":100,"device_limit":3},{"id":1002,"uuid":"b","speed_limit":0,"device_limit":0}]}"#
    )
    #expect(users.facts.map(\.1) == ["2, of whom 1 have a device limit and 1 a speed limit"])
    #expect(users.problems == [])
  }

  @Test func `a list of placeholders alone serves nobody, which is a problem`() throws {
    let users = try users(#"{"users":[{"id":1,"uuid":"a"}]}"#)
    #expect(users.facts.map(\.1) == ["0, of whom 0 have a device limit and 0 a speed limit"])
    #expect(users.problems.count == 1)
  }

  @Test func `a configuration tells protocol, port and intervals`() throws {
    let json =
      #"{"protocol":"vless","server_port":443,"network":"tcp","tls":2,"base_config":{"push_interval":60,"pull_interval":30}}"#
    let config = try JSON.decode(NodeCheck.Config.self, from: Array(json.utf8))
    #expect(
      config.facts.map(\.1) == [
        "vless (tcp, REALITY)", "443", "users every 30 s, traffic every 60 s",
      ]
    )
    #expect(config.problems == [])
  }
}
