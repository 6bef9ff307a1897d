import Crypto
import Platform

/// What a node's agent reports: bytes by user since its last report.
struct TrafficReport: Hashable, Sendable {
  typealias ID = Identifier<TrafficReport>

  /// Users with traffic, without placeholders.
  let entries: [Entry]
  /// The SHA-256 of the body, by which a re-send is recognised.
  let digest: [UInt8]

  struct Entry: Hashable, Sendable {
    let user: Int32
    let upload: Int64
    let download: Int64
  }

  /// Two hundred thousand users with ten digits each for id, upload and download.
  static let longestBody = 8 << 20
  /// Ids below are placeholders of empty user lists.
  static let firstUser: Int32 = 1_001
  /// An identical body within this time is a re-send: agents send again a whole cycle and its time-outs later. An honest one that is
  /// identical so soon is practically always tiny.
  static let resendWindow = Duration.seconds(600)

  /// Reads `{"<user id>":[upload, download], …}` strictly: decimal ids, whole non-negative bytes. Throws what is wrong, and where.
  init(body: [UInt8]) throws(InvalidInput) {
    var scanner = TrafficScanner(bytes: body)
    do {
      entries = try scanner.entries().filter { $0.user >= Self.firstUser && ($0.upload > 0 || $0.download > 0) }
    } catch {
      throw InvalidInput("body", "\(error.expected) at byte \(error.position)")
    }
    digest = Array(SHA256.hash(data: body))
  }
}

/// A report whose answer the agent did not get, or got too late.
struct LostReport: Hashable, Sendable {
  let digest: [UInt8]
  let entries: [TrafficReport.Entry]
}

extension TrafficReport {
  /// An answer that leaves later than this after its request counts as lost: agents wait five seconds, and what they do then is their own
  /// affair.
  static let answerDeadline = Duration.seconds(4)

  /// What this report has beyond a lost one; nil unless all of that is in it. The same body again is a re-send, and has its own rule.
  func difference(to lost: LostReport) -> [Entry]? {
    guard lost.digest != digest, !lost.entries.isEmpty, lost.entries.count <= entries.count else { return nil }
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
      difference.append(Entry(user: entry.user, upload: entry.upload - before.upload, download: entry.download - before.download))
    }
    return found == earlier.count ? difference : nil
  }
}

/// Reads the JSON of a traffic report, which is all of JSON that it knows.
private struct TrafficScanner {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  struct Failure: Error {
    let expected: String
    let position: Int
  }

  mutating func entries() throws(Failure) -> [TrafficReport.Entry] {
    var entries: [TrafficReport.Entry] = []
    // Agents written in Go send a map that was never filled as null.
    if takeNull() {
      try end()
      return entries
    }
    try take("{")
    if peek() == UInt8(ascii: "}") {
      position += 1
      try end()
      return entries
    }
    var seen: Set<Int32> = []
    repeat {
      let start = position
      let user = try user()
      guard seen.insert(user).inserted else { throw Failure(expected: "must have each user once", position: start) }
      try take(":")
      try take("[")
      let upload = try number()
      try take(",")
      let download = try number()
      try take("]")
      entries.append(TrafficReport.Entry(user: user, upload: upload, download: download))
    } while takeComma()
    try take("}")
    try end()
    return entries
  }

  private mutating func user() throws(Failure) -> Int32 {
    try take("\"")
    let start = position
    guard let user = Int32(exactly: try digits()), bytes[start] != UInt8(ascii: "0") || position == start + 1 else {
      throw Failure(expected: "must have a user id", position: start)
    }
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      throw Failure(expected: "must have a user id in decimal digits", position: position)
    }
    position += 1
    return user
  }

  private mutating func number() throws(Failure) -> Int64 {
    _ = peek()
    let start = position
    let number = try digits()
    guard bytes[start] != UInt8(ascii: "0") || position == start + 1 else {
      throw Failure(expected: "must have a number without leading zeros", position: start)
    }
    return number
  }

  private mutating func digits() throws(Failure) -> Int64 {
    let start = position
    var value: Int64 = 0
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
      let (tens, overflowsTens) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = tens.addingReportingOverflow(Int64(bytes[position] - UInt8(ascii: "0")))
      guard !overflowsTens, !overflows else { throw Failure(expected: "must have numbers of 64 bits", position: start) }
      value = sum
      position += 1
    }
    guard position > start else { throw Failure(expected: "must have a whole non-negative number", position: start) }
    return value
  }

  /// The next byte that is no white space.
  private mutating func peek() -> UInt8? {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func take(_ character: Unicode.Scalar) throws(Failure) {
    guard let next = peek(), UInt32(next) == character.value else {
      throw Failure(expected: "must have \(character)", position: position)
    }
    position += 1
  }

  private mutating func takeComma() -> Bool {
    guard peek() == UInt8(ascii: ",") else { return false }
    position += 1
    return true
  }

  private mutating func takeNull() -> Bool {
    guard peek() == UInt8(ascii: "n"), bytes[position...].starts(with: "null".utf8) else { return false }
    position += 4
    return true
  }

  private mutating func end() throws(Failure) {
    guard peek() == nil else { throw Failure(expected: "must end", position: position) }
  }
}
