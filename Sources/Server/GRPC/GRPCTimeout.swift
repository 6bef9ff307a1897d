extension Duration {
  /// A `grpc-timeout` header: up to eight digits and a unit (gRPC over HTTP/2, "Requests"). Nil when
  /// it is malformed.
  init?(grpcTimeout text: String) {
    let digits = text.dropLast()
    guard (1...8).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let amount = Int64(digits)
    else { return nil }
    switch text.last {
    case "H": self = .seconds(amount * 3_600)
    case "M": self = .seconds(amount * 60)
    case "S": self = .seconds(amount)
    case "m": self = .milliseconds(amount)
    case "u": self = .microseconds(amount)
    case "n": self = .nanoseconds(amount)
    default: return nil
    }
  }
}
