extension String {
  /// Whether it has characters that no setting of a server has, NUL among them, which PostgreSQL's
  /// JSON can't hold.
  var hasControlCharacters: Bool {
    utf8.contains { $0 < 0x20 || $0 == 0x7F }
  }
}
