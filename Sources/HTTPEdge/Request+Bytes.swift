package import Hummingbird

extension Request {
  /// The whole body; one longer than `limit` is answered 413.
  package func bytes(upTo limit: Int) async throws -> [UInt8] {
    let buffer = try await body.collect(upTo: limit)
    return Array(buffer.readableBytesView)
  }
}
