/// The parts of a node API answer that people care about.
protocol NodeDocument: Decodable {
  var facts: [(String, String)] { get }
  /// What an agent can't work with.
  var problems: [String] { get }
}

extension NodeCheck {
  /// What an agent is to run.
  struct Config: NodeDocument {
    let `protocol`: String
    let serverPort: Int
    let cipher: String?
    let network: String?
    let tls: Int?
    let intervals: Intervals

    struct Intervals: Decodable {
      let push: Int
      let pull: Int

      private enum CodingKeys: String, CodingKey {
        case push = "push_interval"
        case pull = "pull_interval"
      }
    }

    private enum CodingKeys: String, CodingKey {
      case `protocol`, cipher, network, tls
      case serverPort = "server_port"
      case intervals = "base_config"
    }

    var facts: [(String, String)] {
      let security = tls.map { ["", "TLS", "REALITY"][max(0, min($0, 2))] } ?? ""
      let details = [cipher ?? "", network ?? "", security].filter { !$0.isEmpty }
      return [
        ("protocol", `protocol` + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")),
        ("port", "\(serverPort)"),
        ("intervals", "users every \(intervals.pull) s, traffic every \(intervals.push) s"),
      ]
    }

    var problems: [String] {
      (1...65_535).contains(serverPort)
        ? [] : ["port \(serverPort) is not a valid port: change the node's settings"]
    }
  }

  /// Who may use the node.
  struct Users: NodeDocument {
    let users: [User]

    struct User: Decodable {
      let id: Int
      let deviceLimit: Int?
      let speedLimit: Int?

      private enum CodingKeys: String, CodingKey {
        case id
        case deviceLimit = "device_limit"
        case speedLimit = "speed_limit"
      }
    }

    /// Ids below are placeholders, since some agents can't handle an empty list.
    private static let firstCustomer = 1_001

    private var customers: [User] { users.filter { $0.id >= Self.firstCustomer } }

    var facts: [(String, String)] {
      let devices = customers.filter { ($0.deviceLimit ?? 0) > 0 }.count
      let speeds = customers.filter { ($0.speedLimit ?? 0) > 0 }.count
      return [
        (
          "users",
          "\(customers.count), of whom \(devices) have a device limit and \(speeds) a speed limit"
        )
      ]
    }

    var problems: [String] {
      guard customers.isEmpty else { return [] }
      return [
        "no customer may use this node: check that it is enabled, that it has an enabled client in a group, and that a customer has an active package of that group"
      ]
    }
  }
}
