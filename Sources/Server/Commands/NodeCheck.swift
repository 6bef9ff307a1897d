import FoundationEssentials
import Platform

/// `helium node check`: asks the node API as an agent would, and shows the answers. It never
/// reports traffic.
package struct NodeCheck: Sendable {
  private let node: Int32
  private let url: String
  private let token: String
  private let probe: HTTPProbe

  /// What was found: facts, and what is wrong.
  package struct Report: Sendable, Hashable {
    package var facts: [String] = []
    package var problems: [String] = []
  }

  /// Agents wait up to 30 s for an answer.
  private static let deadline = Duration.seconds(30)
  /// A list that takes longer keeps agents from following changes.
  private static let longestAnswer = Duration.seconds(5)

  /// `url` nil: the node API of this machine, as NODE_API_LISTEN says. `token` nil: that of a node
  /// of the demo data.
  package init(node: Int32, url: String?, token: String?) throws {
    var reader = EnvironmentReader(HeliumProcess.environment)
    self.node = node
    self.url = url ?? Self.localURL(&reader)
    if let token {
      self.token = token
    } else if reader.text("HELIUM_MASTER_KEY_FILE") != nil,
      let key = reader.masterKey("HELIUM_MASTER_KEY_FILE")
    {
      self.token = DemoSecrets(key).nodeToken(node)
    } else {
      throw TokenNeeded()
    }
    guard reader.problems.isEmpty else { throw ConfigurationError(problems: reader.problems) }
    probe = try HTTPProbe(self.url)
  }

  private static func localURL(_ reader: inout EnvironmentReader) -> String {
    let address = reader.address("NODE_API_LISTEN") ?? ListenAddress(host: "0.0.0.0", port: 8_082)
    return address.localURL(isSecure: reader.tlsFiles() != nil)
  }

  /// Tokens are stored as hashes, so nobody but the agent knows one.
  struct TokenNeeded: Error, CustomStringConvertible {
    var description: String {
      "pass the node's token with --token: only its hash is stored"
    }
  }

  package func run() async -> Report {
    var report = Report(facts: ["node \(node) at \(url)"])
    do {
      if try await check(Config.self, "config", in: &report) {
        try await check(Users.self, "user", in: &report)
      }
    } catch {
      report.problems.append("\(error)")
    }
    return report
  }

  /// Asks once, and again with the ETag of the first answer; whether the first answer could be
  /// read.
  @discardableResult
  private func check<Document: NodeDocument>(
    _ type: Document.Type,
    _ action: String,
    in report: inout Report
  ) async throws -> Bool {
    let path = "/api/v1/server/UniProxy/\(action)?node_id=\(node)&token=\(token)"
    let first = try await probe.get(path, deadline: Self.deadline)
    guard first.status == 200 else {
      report.problems.append(Self.refusal(first, action))
      return false
    }
    if first.time > Self.longestAnswer {
      report.problems.append(
        "\(action) takes longer than \(Self.longestAnswer.components.seconds) s"
      )
    }
    guard let document = try? JSON.decode(Document.self, from: first.body) else {
      report.problems.append(
        "\(action) doesn't answer with the expected document: \(String(decoding: first.body.prefix(200), as: UTF8.self))"
      )
      return false
    }
    report.facts += document.facts.map { Self.line($0, $1) }
    report.problems += document.problems
    var latency = "200 with \(first.body.count) bytes in \(Self.milliseconds(first.time))"
    if let tag = first.headers["etag"] {
      let second = try await probe.get(
        path,
        headers: [("if-none-match", tag)],
        deadline: Self.deadline
      )
      latency += ", asked again with its ETag \(second.status) in \(Self.milliseconds(second.time))"
      // A change between the two answers isn't a fault; the tag is then different.
      if second.status != 304, second.headers["etag"] == tag {
        report.problems.append(
          "\(action): the same ETag is answered \(second.status), not 304: agents download everything each time"
        )
      }
    } else {
      report.problems.append("\(action) has no ETag: agents download everything each time")
    }
    report.facts.append(Self.line(action, latency))
    return true
  }

  private static func line(_ name: String, _ value: String) -> String {
    "  \(name)\(String(repeating: " ", count: max(1, 10 - name.count)))\(value)"
  }

  private static func milliseconds(_ time: Duration) -> String {
    let tenths = time.microseconds / 100
    return "\(tenths / 10).\(tenths % 10) ms"
  }

  /// What an answer other than 200 means, and what to do.
  private static func refusal(_ answer: HTTPProbe.Answer, _ action: String) -> String {
    let said = String(decoding: answer.body.prefix(200), as: UTF8.self)
    let advice =
      switch answer.status {
      case 401, 403:
        "there is no such node, or the token is wrong: pass it with --token, or rotate the node's token"
      case 404: "this address is not a node API: compare --url with NODE_API_LISTEN"
      case 500...: "the node API failed: see the log of node_api"
      default: said
      }
    return "\(action) answers \(answer.status): \(advice)"
  }
}

extension ListenAddress {
  /// How a client on this machine reaches what listens here.
  func localURL(isSecure: Bool) -> String {
    let host = ["0.0.0.0", "::"].contains(host) ? "127.0.0.1" : host
    return "\(isSecure ? "https" : "http")://\(ListenAddress(host: host, port: port))"
  }
}
