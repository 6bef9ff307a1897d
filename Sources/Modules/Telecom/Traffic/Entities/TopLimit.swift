import Platform

/// How many entries a top list has.
struct TopLimit: Hashable, Sendable {
  let count: Int32

  private static let most: Int32 = 100
  private static let usual: Int32 = 20

  /// 0: the usual number.
  init(_ count: Int32) throws(InvalidInput) {
    guard (0...Self.most).contains(count) else {
      throw InvalidInput("limit", "must be 1 to \(Self.most), or 0 for \(Self.usual)")
    }
    self.count = count == 0 ? Self.usual : count
  }
}
