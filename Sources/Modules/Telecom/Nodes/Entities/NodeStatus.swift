import Platform

/// The state of a node's machine, as reported by its agent.
struct NodeStatus: Codable, Hashable, Sendable {
  /// Per cent.
  let cpu: Double
  let mem: Space
  let swap: Space
  let disk: Space

  /// Bytes.
  struct Space: Codable, Hashable, Sendable {
    let total: Int64
    let used: Int64

    fileprivate var isPossible: Bool { total >= 0 && used >= 0 }
  }

  /// A few hundred bytes, with whatever newer agents add.
  static let longestBody = 16 << 10

  /// Reads the JSON of a report; throws what is wrong.
  init(body: [UInt8]) throws(InvalidInput) {
    do {
      self = try JSON.decode(NodeStatus.self, from: body)
    } catch let error as DecodingError {
      throw InvalidInput([error.violation])
    } catch {
      throw InvalidInput("body", "must be JSON")
    }
    guard (0...100).contains(cpu) else { throw InvalidInput("cpu", "must be 0 to 100") }
    guard mem.isPossible, swap.isPossible, disk.isPossible else {
      throw InvalidInput("mem", "must be in bytes, like swap and disk")
    }
  }
}

/// What Xboard-Node adds of its own process. Any of it may be missing.
struct NodeMetrics: Codable, Hashable, Sendable {
  /// Seconds.
  let uptime: Int64?
  /// Processes that run or wait, over 1, 5 and 15 minutes.
  let load: [Double]?
  let activeConnections: Int64?

  private enum CodingKeys: String, CodingKey {
    case uptime, load
    case activeConnections = "active_connections"
  }

  /// As many averages as there are.
  private static let maxLoads = 3

  /// Reads the fields that are well-formed, and ignores the others.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) -> Int64? {
      guard let value = try? container.decode(Double.self, forKey: key), value >= 0 else {
        return nil
      }
      return Int64(exactly: value.rounded(.down))
    }
    uptime = number(.uptime)
    activeConnections = number(.activeConnections)
    load = (try? container.decode([Double].self, forKey: .load)).map {
      Array($0.prefix(Self.maxLoads))
    }
  }
}
