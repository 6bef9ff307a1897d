extension JSONScanner {
  /// Reads an object whose member `data` is a list, or null; `row` must read one element of that.
  static func readData(
    of body: [UInt8],
    row: (inout JSONScanner) throws(Failure) -> Void
  ) throws(MalformedReport) {
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
      throw MalformedReport(error)
    }
  }

  /// Reads any value; of an object, the members of those names that are whole numbers and not
  /// negative.
  mutating func wholeNumbers(named names: [String]) throws(Failure) -> [Int64?] {
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
