/// One measured quantity.
struct Figure: Sendable {
  let name: String
  let value: Double
  let unit: String
  /// Nil: it is told beside others and judged by none.
  var aim: Aim?
  /// What it was made of.
  var detail = ""

  enum Verdict: String, Sendable {
    case ok, missed
  }

  var verdict: Verdict? {
    aim.map { $0.isReached(by: value) ? .ok : .missed }
  }
}

extension Figure: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, value, unit, aim, verdict, detail
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(value, forKey: .value)
    try container.encode(unit, forKey: .unit)
    try container.encodeIfPresent(aim?.text, forKey: .aim)
    try container.encodeIfPresent(verdict?.rawValue, forKey: .verdict)
    try container.encode(detail, forKey: .detail)
  }
}

/// A number as people read it: three digits that count, thousands apart.
func readable(_ number: Double) -> String {
  guard number.isFinite else { return "\(number)" }
  let size = abs(number)
  if size >= 1_000 { return grouped(Int(number.rounded())) }
  let decimals = size >= 100 || number == number.rounded() ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
  guard decimals > 0 else { return "\(Int(number.rounded()))" }
  let scale = [1, 10, 100, 1_000][decimals]
  let scaled = Int((size * Double(scale)).rounded())
  let fraction = String(scaled % scale)
  return (number < 0 ? "-" : "") + "\(scaled / scale)."
    + String(repeating: "0", count: decimals - fraction.count) + fraction
}

private func grouped(_ number: Int) -> String {
  let digits = Array(String(abs(number)))
  let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[max(0, $0 - 3)..<$0]) }
  return (number < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
}
