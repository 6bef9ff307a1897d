import FoundationEssentials

/// Which addresses a node saw, by user.
package struct DeviceReport: Hashable, Sendable {
  package let devices: [Int32: Set<DeviceAddress>]

  package init(devices: [Int32: Set<DeviceAddress>]) {
    self.devices = devices
  }

  /// Reads UniProxy's `{"<user id>":["address", …], …}`; addresses and users that are none, and
  /// placeholders, are left out. Throws what is wrong.
  package init(uniProxy body: [UInt8]) throws(MalformedReport) {
    let written: [String: [String]?]?
    do {
      // Agents written in Go send a list that was never filled as null.
      written = try JSONDecoder().decode([String: [String]?]?.self, from: Data(body))
    } catch {
      throw MalformedReport("must be an object that maps users to lists of addresses")
    }
    var devices: [Int32: Set<DeviceAddress>] = [:]
    for (user, addresses) in written ?? [:] {
      guard let user = Int32(user), user >= NodeUser.firstID, let addresses else { continue }
      devices[user] = Set(addresses.compactMap(DeviceAddress.init))
    }
    self.devices = devices
  }
}

extension DeviceReport {
  /// Reads mod_mu's `{"data": [{"user_id": id, "ip": address}, …]}`; rows that are something else
  /// are left out. Throws where the body isn't such JSON at all.
  package init(modMu body: [UInt8]) throws(MalformedReport) {
    let written: Written
    do {
      written = try JSONDecoder().decode(Written.self, from: Data(body))
    } catch {
      throw MalformedReport("must be an object with a list of users and addresses")
    }
    var devices: [Int32: Set<DeviceAddress>] = [:]
    for row in written.data ?? [] {
      guard let user = row.user, user >= NodeUser.firstID,
        let address = row.address.flatMap(DeviceAddress.init)
      else { continue }
      devices[user, default: []].insert(address)
    }
    self.init(devices: devices)
  }

  private struct Written: Decodable {
    let data: [Row]?
  }

  private struct Row: Decodable {
    let user: Int32?
    let address: String?

    enum CodingKeys: String, CodingKey {
      case user = "user_id"
      case address = "ip"
    }

    init(from decoder: any Decoder) throws {
      let container = try? decoder.container(keyedBy: CodingKeys.self)
      user = try? container?.decode(Int32.self, forKey: .user)
      address = try? container?.decode(String.self, forKey: .address)
    }
  }
}
