import Crypto

/// Identifies one state of an answer, so that a client that has it needs no body. Source: RFC 9110,
/// section 8.8.3.
package struct EntityTag: Hashable, Sendable {
  /// Hexadecimal digits: long enough that it occurs in no other tag.
  package let text: String

  /// 128 bits can't collide by accident, and a tag protects nothing.
  private static let length = 16

  /// The tag of an answer that depends on these bytes alone.
  package init(of bytes: some Sequence<UInt8>) {
    text = Array(SHA256.hash(data: Array(bytes)).prefix(Self.length)).hexadecimal
  }

  /// The tag in quotes, as it stands in a header.
  package var headerValue: String { "\"\(text)\"" }

  /// The same as a weak tag: the bytes may differ although the meaning is the same.
  package var weakHeaderValue: String { "W/\"\(text)\"" }

  /// Whether an `If-None-Match` names this tag. Proxies between weaken tags and list them, and some
  /// agents drop the quotes, so any mention counts. An empty header names none: agents send it on
  /// their first call, and stop when that is answered without a body.
  package func isNamed(in ifNoneMatch: String?) -> Bool {
    guard var known = ifNoneMatch else { return false }
    var text = text
    return text.withUTF8 { text in known.withUTF8 { known in Self.contains(known, text) } }
  }

  /// Each poll asks this, and the general search of a text in another is made for longer ones.
  private static func contains(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ part: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var start = 0
    while start + part.count <= bytes.count {
      if bytes[start..<start + part.count].elementsEqual(part) { return true }
      start += 1
    }
    return false
  }
}

/// An answer, or the fact that the client already has it.
package enum TaggedAnswer: Hashable, Sendable {
  case unchanged(EntityTag)
  case changed(EntityTag, body: [UInt8])

  package var tag: EntityTag {
    switch self {
    case .unchanged(let tag), .changed(let tag, _): tag
    }
  }

  /// Makes the body only if the client doesn't have it.
  package init(
    _ tag: EntityTag,
    known ifNoneMatch: String?,
    body: () throws -> [UInt8]
  ) rethrows {
    self = tag.isNamed(in: ifNoneMatch) ? .unchanged(tag) : .changed(tag, body: try body())
  }
}
