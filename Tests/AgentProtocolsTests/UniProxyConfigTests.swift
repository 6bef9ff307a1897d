import AgentProtocols
import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

@Suite struct UniProxyConfigTests {
  @Test(arguments: Samples.servers.map(\.name))
  func `each server's configuration is as its golden file has it`(name: String) throws {
    try Golden.expect(try encoded(name), equal: "uniproxy/\(name).json")
  }

  @Test(arguments: Samples.servers.map(\.name))
  func `what every agent needs is there, in the JSON type it needs`(name: String) throws {
    let config = try object(name)
    #expect(config["server_port"] is Int)
    #expect(config["listen_ip"] as? String == "0.0.0.0")
    let base = try #require(config["base_config"] as? [String: Int])
    #expect(base == ["push_interval": 60, "pull_interval": 60])
    if let tls = config["tls"] { #expect(tls is Int) }
  }

  @Test(
    arguments: Samples.servers.map(\.name).filter { !$0.hasPrefix("hysteria2") && $0 != "tuic" }
  )
  func `the network's settings are an object, the same under both names`(name: String) throws {
    let config = try object(name)
    let settings = try #require(config["networkSettings"] as? NSDictionary)
    #expect(settings == config["network_settings"] as? NSDictionary)
    #expect(config["network"] is String)
  }

  @Test func `REALITY's port and PROXY version are strings`() throws {
    let config = try object("vless-reality-vision")
    #expect(config["tls"] as? Int == 2)
    #expect(config["flow"] as? String == "xtls-rprx-vision")
    let settings = try #require(config["tls_settings"] as? [String: Any])
    #expect(settings["server_port"] as? String == "443")
    #expect(settings["xver"] as? String == "0")
    #expect(settings["private_key"] as? String == Samples.reality.privateKey)
    #expect(settings["short_id"] as? String == "0123456789abcdef")
    #expect(settings["short_ids"] as? [String] == ["0123456789abcdef"])
  }

  @Test func `only a 2022 cipher has a server key`() throws {
    #expect(try object("shadowsocks")["server_key"] is NSNull)
    #expect(
      try object("shadowsocks-2022-256")["server_key"] as? String
        == "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s="
    )
  }

  @Test func `hysteria's obfuscation is under the keys of both generations of agents`() throws {
    let config = try object("hysteria2-obfuscated")
    #expect(config["version"] as? Int == 2)
    #expect(config["obfs"] as? String == "salamander")
    #expect(config["obfs-password"] as? String == "p#s&w=rd")
    #expect(config["obfs_password"] as? String == "p#s&w=rd")
    #expect(config["ignore_client_bandwidth"] as? Bool == false)
    #expect(try object("hysteria2")["ignore_client_bandwidth"] as? Bool == true)
  }

  @Test(arguments: ["trojan", "hysteria2", "tuic", "anytls", "vless-xhttp-tls"])
  func `v2node is never told to serve in the clear`(name: String) throws {
    let config = try object(name)
    #expect(config["tls"] as? Int == 1)
    let settings = try #require(config["tls_settings"] as? [String: Any])
    #expect(settings["cert_mode"] as? String == "file")
  }

  @Test func `an interval of zero, a busy loop in agents, is not sent`() {
    let config = UniProxyConfig(
      settings: Samples.servers[0].settings,
      pushInterval: 0,
      pullInterval: -5
    )
    #expect(config.pushInterval == 1)
    #expect(config.pullInterval == 1)
  }

  private func encoded(_ name: String) throws -> [UInt8] {
    let settings = try Samples.settings(name)
    let bytes = UniProxyConfig(settings: settings).encoded()
    #expect(
      bytes == UniProxyConfig(settings: try NodeServerSettings(json: settings.json())).encoded()
    )
    return bytes
  }

  private func object(_ name: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(encoded(name))) as? [String: Any])
  }
}
