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

  /// One coming of a report, which comes more than once where its agent did not have the answer.
  struct Receipt: Hashable, Sendable {
    let report: ID
    let date: Instant
  }

  struct Entry: Hashable, Sendable {
    let user: Int32
    let upload: Int64
    let download: Int64
  }

  /// A row that is no user with two numbers, or names a user once more.
  ///
  /// It doesn't make the others wrong: agents send a refused report again for ever.
  struct OddRow: Hashable, Sendable {
    /// What of the row fits, else 0.
    let user: Int32
    let upload: Int64
    let download: Int64
    let reason: TrafficSetAside.Reason
    /// As it was written.
    let text: String

    /// Enough to see what an agent does wrong.
    static let longestText = 120
  }

  /// Two hundred thousand users with ten digits each for id, upload and download.
  static let longestBody = 8 << 20
  /// Ids below are placeholders of empty user lists.
  static let firstUser: Int32 = 1_001
  /// An identical body within this time is a re-send: agents send again a whole cycle and its
  /// time-outs later. An honest one that is identical so soon is practically always tiny.
  static let resendWindow = Duration.seconds(600)

  init(rows: TrafficRows, body: [UInt8]) {
    entries = rows.entries
    oddRows = rows.oddRows
    digest = Array(SHA256.hash(data: body))
  }

  /// Reads UniProxy's `{"<user id>":[upload, download], …}`; throws where the body isn't such JSON
  /// at all.
  init(body: [UInt8]) throws(InvalidInput) {
    var scanner = JSONScanner(body)
    var rows = TrafficRows()
    do throws(JSONScanner.Failure) {
      // Agents written in Go send a map that was never filled as null.
      if !scanner.takesNull() {
        try scanner.object { scanner, key throws(JSONScanner.Failure) in
          let numbers = try scanner.pair()
          rows.add(
            user: scanner.decimal(in: key),
            upload: numbers?.0,
            download: numbers?.1,
            text: scanner.bytes(in: (key.lowerBound - 1)..<scanner.position)
          )
        }
      }
      try scanner.end()
    } catch {
      throw InvalidInput(error)
    }
    self.init(rows: rows, body: body)
  }

  var isEmpty: Bool { entries.isEmpty && oddRows.isEmpty }
}

/// Sorts a report's rows into those that can be billed and the others, as they come.
struct TrafficRows {
  private(set) var entries: [TrafficReport.Entry] = []
  private(set) var oddRows: [TrafficReport.OddRow] = []
  private var seen: Set<Int32> = []

  /// Adds a row with what could be read of it, and what was written.
  mutating func add(
    user: Int64?,
    upload: Int64?,
    download: Int64?,
    text: @autoclosure () -> [UInt8]
  ) {
    guard let id = user.flatMap({ Int32(exactly: $0) }), let upload, let download else {
      return setAside(
        user: user.flatMap { Int32(exactly: $0) },
        upload: upload,
        download: download,
        reason: .malformed,
        text: text()
      )
    }
    guard id >= TrafficReport.firstUser, upload > 0 || download > 0 else { return }
    guard seen.insert(id).inserted else {
      return setAside(
        user: id,
        upload: upload,
        download: download,
        reason: .duplicate,
        text: text()
      )
    }
    entries.append(TrafficReport.Entry(user: id, upload: upload, download: download))
  }

  private mutating func setAside(
    user: Int32?,
    upload: Int64?,
    download: Int64?,
    reason: TrafficSetAside.Reason,
    text: [UInt8]
  ) {
    oddRows.append(
      TrafficReport.OddRow(
        user: user ?? 0,
        upload: upload ?? 0,
        download: download ?? 0,
        reason: reason,
        text: String(decoding: text.prefix(TrafficReport.OddRow.longestText), as: UTF8.self)
      )
    )
  }
}

extension JSONScanner {
  /// Reads a value; nil where it isn't `[number, number]` with whole numbers that aren't negative.
  fileprivate mutating func pair() throws(Failure) -> (Int64, Int64)? {
    var ahead = self
    if ahead.takes("["), let first = ahead.wholeNumber(), ahead.takes(","),
      let second = ahead.wholeNumber(), ahead.takes("]")
    {
      self = ahead
      return (first, second)
    }
    try value()
    return nil
  }
}

extension InvalidInput {
  init(_ failure: JSONScanner.Failure) {
    self.init("body", "\(failure.expected) at byte \(failure.position)")
  }
}

/// A report whose answer the agent did not get, or got too late.
struct LostReport: Hashable, Sendable {
  let digest: [UInt8]
  let entries: [TrafficReport.Entry]
}

extension TrafficReport {
  /// An answer that leaves later than this after its request counts as lost: agents wait five
  /// seconds, and what they do then is their own affair.
  static let answerDeadline = Duration.seconds(4)
  /// Within which a written answer has left for its connection, also on a busy machine.
  static let flushTime = Duration.milliseconds(50)

  /// What this report has beyond a lost one; nil unless all of that is in it. The same body again
  /// is a re-send, and has its own rule.
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
