/// What a figure has to reach.
enum Aim: Sendable, Hashable {
  case atLeast(Double)
  case atMost(Double)

  func isReached(by value: Double) -> Bool {
    switch self {
    case .atLeast(let bound): value >= bound
    case .atMost(let bound): value <= bound
    }
  }

  var text: String {
    switch self {
    case .atLeast(let bound): "≥ \(readable(bound))"
    case .atMost(let bound): "≤ \(readable(bound))"
    }
  }
}
