import AgentProtocols
import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

@Suite struct ModMuTests {
  private static let served = Samples.servers.filter {
    ModMuNode(settings: $0.settings, host: "node.example.com") != nil
  }.map(\.name)

  @Test func `XrayR's SSPanel mode has the older ciphers, VMess, VLESS and Trojan`() {
    #expect(
      Self.served == [
        "shadowsocks", "vmess-tcp", "vmess-ws-tls", "vless-reality-vision", "vless-grpc-reality",
        "vless-httpupgrade-tls",
        "vless-xhttp-tls", "trojan", "trojan-grpc-insecure", "vmess-httpupgrade", "vless-ws-tls",
        "vless-vision-tls", "trojan-ws",
        "trojan-reality",
      ]
    )
  }

  @Test(arguments: served)
  func `each node's information is as its golden file has it`(name: String) throws {
    let node = try #require(
      ModMuNode(settings: try Samples.settings(name), host: "node.example.com", speedLimit: 200)
    )
    try Golden.expect(node.encoded(), equal: "mod_mu/\(name).json")
  }

  @Test(arguments: served)
  func `what XrayR needs is there, in the JSON type it needs`(name: String) throws {
    let node = try #require(
      ModMuNode(settings: try Samples.settings(name), host: "node.example.com")
    )
    let answer = try #require(
      JSONSerialization.jsonObject(with: Data(node.encoded())) as? [String: Any]
    )
    #expect(answer["ret"] as? Int == 1)
    let data = try #require(answer["data"] as? [String: Any])
    #expect(data["version"] as? String == "2025.1.0")
    #expect(data["sort"] is Int)
    let config = try #require(data["custom_config"] as? [String: Any])
    #expect(config["offset_port_node"] as? String == "8443")
    for (key, value) in config where key != "enable_reality" && key != "reality-opts" {
      #expect(value is String || value is NSNull)
    }
  }

  @Test func `a list of users is written piece by piece`() throws {
    var list = ModMuUserList(settings: try Samples.settings("shadowsocks"))
    var output: [UInt8] = []
    list.start(&output)
    list.append(
      NodeUser(id: 1001, credential: Samples.credential, speedLimit: 100, deviceLimit: 3),
      aliveIPs: 2,
      to: &output
    )
    list.append(
      NodeUser(id: 1002, credential: Samples.otherCredential, speedLimit: 0, deviceLimit: 0),
      aliveIPs: 0,
      to: &output
    )
    list.finish(&output)
    let expected =
      #"{"ret":1,"data":[{"id":1001,"uuid":"2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31","passwd":"2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31","#
      + #""method":"chacha20-ietf-poly1305","port":8443,"node_speedlimit":100,"node_iplimit":3,"alive_ip":2},"#
      + #"{"id":1002,"uuid":"c0ffee00-1234-4abc-9def-0123456789ab","passwd":"c0ffee00-1234-4abc-9def-0123456789ab","#
      + #""method":"chacha20-ietf-poly1305","port":8443,"node_speedlimit":0,"node_iplimit":0,"alive_ip":0}]}"#
    #expect(String(decoding: output, as: UTF8.self) == expected)
  }

  @Test func `an empty list is a list, and no user is longer than what streams reserve for one`()
    throws
  {
    var list = ModMuUserList(settings: try Samples.settings("trojan"))
    var output: [UInt8] = []
    list.start(&output)
    list.finish(&output)
    #expect(String(decoding: output, as: UTF8.self) == #"{"ret":1,"data":[]}"#)
    output = []
    let user = NodeUser(
      id: .min,
      credential: Samples.credential,
      speedLimit: .min,
      deviceLimit: .min
    )
    list = ModMuUserList(settings: try Samples.settings("shadowsocks"))
    list.append(user, aliveIPs: .min, to: &output)
    #expect(output.count <= ModMuUserList.longestUser)
  }

  @Test func `Xboard's agents are told to poll`() {
    #expect(
      String(
        decoding: UniProxyHandshake(pushInterval: 30, pullInterval: 45).encoded(),
        as: UTF8.self
      )
        == #"{"websocket":{"enabled":false},"settings":{"push_interval":30,"pull_interval":45}}"#
    )
  }
}
