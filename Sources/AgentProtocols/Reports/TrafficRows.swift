/// The rows of a traffic report: bytes by user since the last one. They are sorted into those that
/// can be billed and the others, as they come.
package struct TrafficRows: Hashable, Sendable {
  /// Users with traffic, without placeholders, each once.
  package private(set) var entries: [Entry] = []
  /// Rows that can't be billed, whoever they are of.
  package private(set) var oddRows: [OddRow] = []

  package struct Entry: Hashable, Sendable {
    package let user: Int32
    package let upload: Int64
    package let download: Int64

    package init(user: Int32, upload: Int64, download: Int64) {
      self.user = user
      self.upload = upload
      self.download = download
    }
  }

  /// A row that isn't a user with two numbers, or names the same user again.
  ///
  /// It doesn't invalidate the other rows: agents would send a refused report again forever.
  package struct OddRow: Hashable, Sendable {
    /// The parts of the row that could be read, else 0.
    package let user: Int32
    package let upload: Int64
    package let download: Int64
    package let flaw: Flaw
    /// As it was written.
    package let text: String

    /// Enough to see what an agent does wrong.
    package static let longestText = 120

    package init(user: Int32, upload: Int64, download: Int64, flaw: Flaw, text: String) {
      self.user = user
      self.upload = upload
      self.download = download
      self.flaw = flaw
      self.text = text
    }
  }

  package enum Flaw: Hashable, Sendable {
    /// It isn't a user with two numbers of bytes.
    case malformed
    /// An earlier row of the report names the same user.
    case duplicate
  }

  /// Reads UniProxy's `{"<user id>":[upload, download], …}`; throws where the body isn't such JSON
  /// at all.
  package init(uniProxy body: [UInt8]) throws(MalformedReport) {
    var rows = Sorter()
    var scanner = JSONScanner(body)
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
      throw MalformedReport(error)
    }
    entries = rows.entries
    oddRows = rows.oddRows
  }

  /// Reads mod_mu's `{"data": [{"user_id": id, "u": upload, "d": download}, …]}`; throws where the
  /// body isn't such JSON at all.
  package init(modMu body: [UInt8]) throws(MalformedReport) {
    var rows = Sorter()
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
    entries = rows.entries
    oddRows = rows.oddRows
  }
}

/// Sorts the rows, as they come.
private struct Sorter {
  private(set) var entries: [TrafficRows.Entry] = []
  private(set) var oddRows: [TrafficRows.OddRow] = []
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
        flaw: .malformed,
        text: text()
      )
    }
    guard id >= NodeUser.firstID, upload > 0 || download > 0 else { return }
    guard seen.insert(id).inserted else {
      return setAside(
        user: id,
        upload: upload,
        download: download,
        flaw: .duplicate,
        text: text()
      )
    }
    entries.append(TrafficRows.Entry(user: id, upload: upload, download: download))
  }

  private mutating func setAside(
    user: Int32?,
    upload: Int64?,
    download: Int64?,
    flaw: TrafficRows.Flaw,
    text: [UInt8]
  ) {
    oddRows.append(
      TrafficRows.OddRow(
        user: user ?? 0,
        upload: upload ?? 0,
        download: download ?? 0,
        flaw: flaw,
        text: String(decoding: text.prefix(TrafficRows.OddRow.longestText), as: UTF8.self)
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
