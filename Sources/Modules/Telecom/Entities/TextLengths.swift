/// How many characters the texts of operators may have.
enum TextLengths {
  /// Longer names break the lists of every client.
  static let name = 1...100
  static let label = 1...50
  /// A sentence or two for the audit log.
  static let reason = 1...500
}
