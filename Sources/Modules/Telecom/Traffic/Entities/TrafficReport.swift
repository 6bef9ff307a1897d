import AgentProtocols
import Crypto
import Platform

/// What a node's agent reports: bytes by user since its last report.
struct TrafficReport: Hashable, Sendable {
  typealias ID = Identifier<TrafficReport>

  /// Users with traffic, without placeholders, each once.
  let entries: [Entry]
  /// Rows that can't be billed, whoever they are of.
  let oddRows: [OddRow]
  /// The SHA-256 of what was reported, by which a re-send is recognised.
  let digest: [UInt8]

  /// One arrival of a report. A report may arrive several times if its agent didn't get the answer.
  struct Receipt: Hashable, Sendable {
    let report: ID
    let date: Instant
  }

  typealias Entry = TrafficRows.Entry
  typealias OddRow = TrafficRows.OddRow

  /// Two hundred thousand users with ten digits each for id, upload and download.
  static let longestBody = 8 << 20
  /// An identical body within this time is a re-send, since agents retry after a whole cycle and
  /// its time-outs. A new report that happens to be identical so soon is practically always tiny.
  static let resendWindow = Duration.seconds(600)

  private init(_ rows: TrafficRows, of body: [UInt8]) {
    entries = rows.entries
    oddRows = rows.oddRows
    digest = Array(SHA256.hash(data: body))
  }

  /// Reads what UniProxy's agents send.
  init(body: [UInt8]) throws(MalformedReport) {
    self.init(try TrafficRows(uniProxy: body), of: body)
  }

  /// Reads what mod_mu's agents send.
  init(modMu body: [UInt8]) throws(MalformedReport) {
    self.init(try TrafficRows(modMu: body), of: body)
  }

  var isEmpty: Bool { entries.isEmpty && oddRows.isEmpty }
}

/// A report whose answer the agent did not get, or got too late.
struct LostReport: Hashable, Sendable {
  let digest: [UInt8]
  let entries: [TrafficReport.Entry]
}

extension TrafficReport {
  /// An answer that leaves later than this after its request counts as lost. Agents wait five
  /// seconds, and then behave in different ways.
  static let answerDeadline = Duration.seconds(4)
  /// The time within which a written answer has been sent, even on a busy machine.
  static let flushTime = Duration.milliseconds(50)

  /// What this report has in addition to a lost one; nil unless it contains all of the lost report.
  /// The same body again is a re-send, which has its own rule.
  func difference(to lost: LostReport) -> [Entry]? {
    guard lost.digest != digest, !lost.entries.isEmpty, lost.entries.count <= entries.count else {
      return nil
    }
    let earlier = Dictionary(uniqueKeysWithValues: lost.entries.map { ($0.user, $0) })
    var found = 0
    var difference: [Entry] = []
    difference.reserveCapacity(entries.count)
    for entry in entries {
      guard let before = earlier[entry.user] else {
        difference.append(entry)
        continue
      }
      guard entry.upload >= before.upload, entry.download >= before.download else { return nil }
      found += 1
      difference.append(
        Entry(
          user: entry.user,
          upload: entry.upload - before.upload,
          download: entry.download - before.download
        )
      )
    }
    return found == earlier.count ? difference : nil
  }
}

extension TrafficRows.OddRow {
  var reason: TrafficSetAside.Reason {
    switch flaw {
    case .malformed: .malformed
    case .duplicate: .duplicate
    }
  }
}
