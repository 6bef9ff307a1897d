import CQRCode
import Synchronization

/// A QR code of a text. Source: ISO/IEC 18004.
struct QRCode: Sendable {
  /// Modules on each side, without the margin.
  let width: Int
  private let isDark: [Bool]

  /// Modules around the code that stay light: readers need them.
  static let margin = 4

  /// libqrencode fills tables at its first use, and not every build of it does so under a lock.
  private static let encoder = Mutex(())

  /// Nil: the text is empty or too long for a code.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty else { return nil }
    let encoded = Self.encoder.withLock { _ -> (Int, [Bool])? in
      // A medium correction keeps codes readable on a dirty screen and small enough for a phone.
      guard let code = QRcode_encodeData(Int32(clamping: bytes.count), bytes, 0, QR_ECLEVEL_M)
      else { return nil }
      defer { QRcode_free(code) }
      let width = Int(code.pointee.width)
      // The lowest bit of each module says whether it is dark.
      return (
        width,
        UnsafeBufferPointer(start: code.pointee.data, count: width * width).map { $0 & 1 == 1 }
      )
    }
    guard let encoded else { return nil }
    (width, isDark) = encoded
  }

  func isDark(x: Int, y: Int) -> Bool { isDark[y * width + x] }

  /// Modules on each side, with the margin.
  var size: Int { width + 2 * Self.margin }

  /// The dark modules as the path of an SVG image that is `size` wide: a rectangle for each run in
  /// a row.
  var path: String {
    var path = ""
    for y in 0..<width {
      var x = 0
      while x < width {
        let start = x
        while x < width, isDark(x: x, y: y) { x += 1 }
        if x > start {
          path += "M\(start + Self.margin) \(y + Self.margin)h\(x - start)v1h-\(x - start)z"
        }
        x += 1
      }
    }
    return path
  }
}
