/// How long and how often things are measured.
struct Rounds: Sendable {
  /// Ours and its limit alternate this often, so that both meet the same disturbances.
  let count: Int
  /// How long each side runs in a round.
  let seconds: Int

  /// What alternating rounds of two sides came to.
  struct Comparison: Sendable {
    /// The medians of each side.
    let ours: Double
    let limit: Double
    /// The median of the rounds' ratios, and the smallest and largest.
    let ratio: Double
    let spread: ClosedRange<Double>

    func figure(_ name: String, aim: Double?, limitName: String) -> Figure {
      Figure(
        name: name,
        value: ratio,
        unit: "x",
        aim: aim.map { .atLeast($0) },
        detail: """
          \(readable(ours))/s of \(limitName)'s \(readable(limit))/s; rounds \(readable(spread.lowerBound)) to \
          \(readable(spread.upperBound))
          """
      )
    }
  }

  /// Measures both sides in turn; whichever went first in one round goes second in the next.
  func compare(ours: () async throws -> Double, limit: () async throws -> Double) async throws
    -> Comparison
  {
    var pairs: [(ours: Double, limit: Double)] = []
    for round in 0..<count {
      if round % 2 == 0 {
        let first = try await ours()
        pairs.append((first, try await limit()))
      } else {
        let first = try await limit()
        pairs.append((try await ours(), first))
      }
    }
    let ratios = pairs.map { $0.ours / $0.limit }
    return Comparison(
      ours: median(pairs.map(\.ours)),
      limit: median(pairs.map(\.limit)),
      ratio: median(ratios),
      spread: (ratios.min() ?? 0)...(ratios.max() ?? 0)
    )
  }
}

/// The middle value; of an even number the lower of the two in the middle.
func median(_ values: [Double]) -> Double {
  precondition(!values.isEmpty, "nothing was measured")
  return values.sorted()[(values.count - 1) / 2]
}

extension Duration {
  var seconds: Double { self / .seconds(1) }
  var milliseconds: Double { self / .milliseconds(1) }
}
