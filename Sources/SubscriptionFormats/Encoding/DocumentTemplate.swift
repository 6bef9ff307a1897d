/// An encoded document whose only missing parts are one subscription's secrets.
///
/// Encoders write into a template and never see a credential, so a document rendered from a cached template and one rendered from scratch
/// are the same by construction.
struct DocumentTemplate: Sendable {
  private(set) var literals: [UInt8] = []
  private var holes: [Hole] = []

  /// A place in the literal bytes where something is put in.
  private struct Hole: Sendable {
    let offset: Int
    let content: Content
  }

  private enum Content: Sendable {
    case secret(Secret, percentEncoded: Bool)
    case base64(DocumentTemplate, Base64)
  }

  init() {}

  mutating func append(_ byte: UInt8) {
    literals.append(byte)
  }

  mutating func append(_ text: StaticString) {
    literals.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
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
    holes.append(Hole(offset: literals.count, content: .secret(secret, percentEncoded: percentEncoded)))
  }

  /// Writes what `template` becomes, in base64. Without secrets in it, that is encoded at once.
  mutating func append(_ base64: Base64, of template: DocumentTemplate) {
    if template.holes.isEmpty {
      base64.append(template.literals, to: &literals)
    } else {
      holes.append(Hole(offset: literals.count, content: .base64(template, base64)))
    }
  }

  /// Writes `text` in base64.
  mutating func append(_ base64: Base64, of text: CredentialString) {
    var template = DocumentTemplate()
    for part in text.parts {
      switch part {
      case .text(let text): template.append(text)
      case .secret(let secret): template.append(secret, percentEncoded: false)
      }
    }
    append(base64, of: template)
  }

  /// The document of the subscription with this credential.
  func filled(with credential: Credential) -> [UInt8] {
    filled(with: CredentialText(credential))
  }

  private func filled(with credential: CredentialText) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(sizeEstimate)
    var position = 0
    for hole in holes {
      output.append(contentsOf: literals[position..<hole.offset])
      position = hole.offset
      switch hole.content {
      case .secret(let secret, let percentEncoded):
        output.append(contentsOf: credential.bytes(of: secret, percentEncoded: percentEncoded))
      case .base64(let template, let base64):
        base64.append(template.filled(with: credential), to: &output)
      }
    }
    output.append(contentsOf: literals[position...])
    return output
  }

  /// At least as many bytes as the document has, as long as no secret is longer than `longestSecret`.
  private var sizeEstimate: Int {
    let longestSecret = 60
    return holes.reduce(literals.count) { size, hole in
      switch hole.content {
      case .secret: size + longestSecret
      case .base64(let template, _): size + Base64.encodedCount(template.sizeEstimate)
      }
    }
  }
}
