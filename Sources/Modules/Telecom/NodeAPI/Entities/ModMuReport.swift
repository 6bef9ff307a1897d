import Platform

extension TrafficReport {
  /// Reads mod_mu's `{"data": [{"user_id": id, "u": upload, "d": download}, …]}`; throws where the
  /// body isn't such JSON at all.
  init(modMu body: [UInt8]) throws(InvalidInput) {
    var rows = TrafficRows()
    try JSONScanner.readData(of: body) { scanner throws(JSONScanner.Failure) in
      _ = scanner.next()
      let start = scanner.position
      let numbers = try scanner.wholeNumbers(named: ["user_id", "u", "d"])
      rows.add(
        user: numbers[0],
        upload: numbers[1],
        download: numbers[2],
        text: scanner.bytes(in: start..<scanner.position)
      )
    }
    self.init(rows: rows, body: body)
  }
}

extension DeviceReport {
  /// Reads mod_mu's `{"data": [{"user_id": id, "ip": address}, …]}`; rows that are something else
  /// are left out. Throws where the body isn't such JSON at all.
  init(modMu body: [UInt8]) throws(InvalidInput) {
    let written: Written
    do {
      written = try JSON.decode(Written.self, from: body)
    } catch {
      throw InvalidInput("body", "must be an object with a list of users and addresses")
    }
    var devices: [Int32: Set<DeviceAddress>] = [:]
    for row in written.data ?? [] {
      guard let user = row.user, user >= TrafficReport.firstUser,
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

/// Which of a node's rules whose traffic met, and how often.
struct RuleHits: Hashable, Sendable {
  let counts: [Hit: Int]

  struct Hit: Hashable, Sendable {
    let rule: Int32
    let user: Int32
  }

  /// Of one report: every user of a large node meets a rule. More are left out.
  static let mostHits = 10_000

  /// Reads mod_mu's `{"data": [{"list_id": rule, "user_id": id}, …]}`; throws where the body isn't
  /// such JSON at all.
  init(modMu body: [UInt8]) throws(InvalidInput) {
    var counts: [Hit: Int] = [:]
    try JSONScanner.readData(of: body) { scanner throws(JSONScanner.Failure) in
      let numbers = try scanner.wholeNumbers(named: ["list_id", "user_id"])
      guard let rule = numbers[0].flatMap({ Int32(exactly: $0) }),
        let user = numbers[1].flatMap({ Int32(exactly: $0) })
      else { return }
      let hit = Hit(rule: rule, user: user)
      guard user >= TrafficReport.firstUser, counts.count < Self.mostHits || counts[hit] != nil
      else { return }
      counts[hit, default: 0] += 1
    }
    self.counts = counts
  }
}

extension JSONScanner {
  /// Reads an object whose member `data` is a list, or null; `row` must read one element of that.
  fileprivate static func readData(
    of body: [UInt8],
    row: (inout JSONScanner) throws(Failure) -> Void
  ) throws(InvalidInput) {
    var scanner = JSONScanner(body)
    var isThere = false
    do throws(Failure) {
      try scanner.object { scanner, key throws(Failure) in
        guard scanner.bytes(in: key) == Array("data".utf8) else {
          try scanner.value()
          return
        }
        isThere = true
        if !scanner.takesNull() { try scanner.array(row) }
      }
      try scanner.end()
      guard isThere else { throw Failure(expected: "must have data", position: scanner.position) }
    } catch {
      throw InvalidInput(error)
    }
  }

  /// Reads any value; of an object, the members of those names that are whole numbers and not
  /// negative.
  fileprivate mutating func wholeNumbers(named names: [String]) throws(Failure) -> [Int64?] {
    var numbers = [Int64?](repeating: nil, count: names.count)
    guard next() == UInt8(ascii: "{") else {
      try value()
      return numbers
    }
    try object { scanner, key throws(Failure) in
      let name = String(decoding: scanner.bytes(in: key), as: UTF8.self)
      if let index = names.firstIndex(of: name), let number = scanner.wholeNumber() {
        numbers[index] = number
      } else {
        try scanner.value()
      }
    }
    return numbers
  }
}
