/// An encoded document whose only missing parts are one subscription's secrets.
///
/// Encoders write into a template and never see a credential, so a document rendered from a cached
/// template and one rendered from scratch are the same by construction. `FillableDocument` puts the
/// secrets in.
struct DocumentTemplate: Sendable, Hashable {
  private(set) var literals: [UInt8] = []
  private(set) var holes: [Hole] = []

  /// A position in the literal bytes where something is filled in.
  struct Hole: Sendable, Hashable {
    let offset: Int
    let content: Content
  }

  enum Content: Sendable, Hashable {
    case secret(Secret, percentEncoded: Bool)
    case base64(DocumentTemplate, Base64)
    /// The subscription's own link between two texts, all of it only where the link is known.
    case link(prefix: String, suffix: String)

    /// How many bytes it is filled with, where that is the same for all.
    var length: Int? {
      switch self {
      case .secret(let secret, let percentEncoded): secret.length(percentEncoded: percentEncoded)
      case .base64(let template, let base64): template.length.map(base64.encodedCount)
      case .link: nil
      }
    }
  }

  private var length: Int? {
    holes.reduce(literals.count) { length, hole in
      if let length, let holeLength = hole.content.length { length + holeLength } else { nil }
    }
  }

  init() {}

  mutating func append(_ byte: UInt8) {
    literals.append(byte)
  }

  mutating func append(_ text: StaticString) {
    literals.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    )
  }

  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { literals.append(contentsOf: $0) }
  }

  mutating func append(percentEncoding text: String) {
    PercentEncoding.append(text.utf8, to: &literals)
  }

  mutating func append(percentEncoding text: CredentialString) {
    for part in text.parts {
      switch part {
      case .text(let text): append(percentEncoding: text)
      case .secret(let secret): append(secret, percentEncoded: true)
      }
    }
  }

  mutating func append(_ text: CredentialString) {
    for part in text.parts {
      switch part {
      case .text(let text): append(text)
      case .secret(let secret): append(secret, percentEncoded: false)
      }
    }
  }

  /// Writes text in double quotes, as JSON and YAML both read it.
  mutating func append(quoting text: String) {
    append(UInt8(ascii: "\""))
    QuotedText.append(text, to: &literals)
    append(UInt8(ascii: "\""))
  }

  mutating func append(quoting text: CredentialString) {
    append(UInt8(ascii: "\""))
    for part in text.parts {
      switch part {
      case .text(let text): QuotedText.append(text, to: &literals)
      case .secret(let secret): append(secret, percentEncoded: false)
      }
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func append(_ secret: Secret, percentEncoded: Bool) {
    holes.append(
      Hole(offset: literals.count, content: .secret(secret, percentEncoded: percentEncoded))
    )
  }

  /// Leaves a place for the subscription's own link and what stands around it.
  mutating func appendLink(prefix: String, suffix: String) {
    holes.append(Hole(offset: literals.count, content: .link(prefix: prefix, suffix: suffix)))
  }

  /// Writes `other` behind what there is.
  mutating func append(_ other: DocumentTemplate) {
    holes.append(
      contentsOf: other.holes.map { Hole(offset: literals.count + $0.offset, content: $0.content) }
    )
    literals.append(contentsOf: other.literals)
  }

  /// Writes what `template` becomes, in base64: at once, but for the groups of bytes in which there
  /// are secrets.
  mutating func append(_ base64: Base64, of template: DocumentTemplate) {
    // What has no known length can't be encoded in parts.
    guard template.length != nil else {
      return holes.append(Hole(offset: literals.count, content: .base64(template, base64)))
    }
    var start = 0
    var index = 0
    while index < template.holes.count {
      let group = template.group(at: &index, from: &start, base64, writingBeforeIt: &literals)
      holes.append(Hole(offset: literals.count, content: .base64(group, base64)))
    }
    base64.append(template.literals[start...], to: &literals)
  }

  /// The smallest part around the hole at `index` that begins and ends where base64's groups of
  /// three bytes do, or at the end.
  ///
  /// - Parameters:
  ///   - index: moves on to the first hole behind the part.
  ///   - start: where in the literals the part may begin; moves on to where it ends.
  private func group(
    at index: inout Int,
    from start: inout Int,
    _ base64: Base64,
    writingBeforeIt output: inout [UInt8]
  ) -> DocumentTemplate {
    var group = DocumentTemplate()
    let before = (holes[index].offset - start) / 3 * 3
    var length = 0
    var position = start + before
    while true {
      let hole = holes[index]
      group.literals.append(contentsOf: literals[position..<hole.offset])
      length += hole.offset - position + (hole.content.length ?? 0)
      group.holes.append(Hole(offset: group.literals.count, content: hole.content))
      position = hole.offset
      index += 1
      let missing = (3 - length % 3) % 3
      let end = index < holes.count ? holes[index].offset : literals.count
      guard index < holes.count, end - position < missing else {
        let taken = min(missing, end - position)
        group.literals.append(contentsOf: literals[position..<position + taken])
        base64.append(literals[start..<start + before], to: &output)
        start = position + taken
        return group
      }
    }
  }

  /// Writes `text` in base64.
  mutating func append(_ base64: Base64, of text: CredentialString) {
    var template = DocumentTemplate()
    template.append(text)
    append(base64, of: template)
  }
}
