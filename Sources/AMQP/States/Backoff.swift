/// How long to wait before the next attempt: twice as long each time, less a random part so that
/// clients don't come back all at once.
struct Backoff {
  /// Soon enough to not be noticed after a broken connection.
  static let first: Duration = .milliseconds(100)
  /// A broker that has come back is found within this.
  static let longest: Duration = .seconds(5)

  private var delay = Self.first

  /// The next delay.
  /// - Parameter random: in 0..<1.
  mutating func next(random: Double) -> Duration {
    defer { delay = min(delay * 2, Self.longest) }
    return delay * (0.5 + random / 2)
  }

  /// An attempt succeeded.
  mutating func reset() { delay = Self.first }
}
