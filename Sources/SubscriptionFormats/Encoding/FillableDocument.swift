/// A template made ready to be filled for many subscriptions.
///
/// Many places have the same filling, and base64 of a secret depends on its neighbours only within
/// its groups of three bytes. So a fetch makes each different filling once and copies it to all of
/// its places.
struct FillableDocument: Sendable {
  private let literals: [UInt8]
  /// What is put in, each different filling once.
  private let fillings: [DocumentTemplate.Content]
  private let places: [Place]

  /// A filling behind the literals that end at an offset.
  private struct Place: Sendable {
    let offset: Int
    let filling: Int
  }

  /// Most fillings are a secret, or base64 of one.
  private static let usualFilling = 96

  init(_ template: DocumentTemplate) {
    var indices: [DocumentTemplate.Content: Int] = [:]
    var fillings: [DocumentTemplate.Content] = []
    places = template.holes.map { hole in
      if let index = indices[hole.content] { return Place(offset: hole.offset, filling: index) }
      indices[hole.content] = fillings.count
      fillings.append(hole.content)
      return Place(offset: hole.offset, filling: fillings.count - 1)
    }
    self.fillings = fillings
    literals = template.literals
  }

  /// The document of the subscription with this credential and this link.
  func filled(with credential: Credential, link: String? = nil) -> [UInt8] {
    let values = FillingValues(
      secrets: CredentialText(credential),
      link: link.map(SubscriptionHeader.printable)
    )
    var made: [UInt8] = []
    made.reserveCapacity(fillings.count * Self.usualFilling)
    // Where each filling ends in `made`, and the next begins.
    var ends = [0]
    ends.reserveCapacity(fillings.count + 1)
    for filling in fillings {
      filling.append(values, to: &made)
      ends.append(made.count)
    }
    let size = places.reduce(literals.count) { $0 + ends[$1.filling + 1] - ends[$1.filling] }
    return Array(unsafeUninitializedCapacity: size) { output, count in
      literals.withUnsafeBufferPointer { literals in
        made.withUnsafeBufferPointer { made in
          var position = 0
          for place in places {
            count = output.write(literals, position..<place.offset, at: count)
            count = output.write(made, ends[place.filling]..<ends[place.filling + 1], at: count)
            position = place.offset
          }
          count = output.write(literals, position..<literals.count, at: count)
        }
      }
    }
  }
}

/// What a template's places are filled from.
private struct FillingValues {
  let secrets: CredentialText
  let link: String?
}

extension DocumentTemplate.Content {
  fileprivate func append(_ values: FillingValues, to output: inout [UInt8]) {
    switch self {
    case .secret(let secret, let percentEncoded):
      values.secrets.append(secret, percentEncoded: percentEncoded, to: &output)
    case .base64(let template, let base64):
      let start = output.count
      template.append(values, to: &output)
      base64.encode(from: start, in: &output)
    case .link(let prefix, let suffix):
      guard let link = values.link else { return }
      output.append(contentsOf: prefix.utf8)
      output.append(contentsOf: link.utf8)
      output.append(contentsOf: suffix.utf8)
    }
  }
}

extension DocumentTemplate {
  fileprivate func append(_ values: FillingValues, to output: inout [UInt8]) {
    var position = 0
    for hole in holes {
      output.append(contentsOf: literals[position..<hole.offset])
      position = hole.offset
      hole.content.append(values, to: &output)
    }
    output.append(contentsOf: literals[position...])
  }
}

extension UnsafeMutableBufferPointer<UInt8> {
  /// Copies a part of `source` to where nothing was written yet, and returns where it ends. Both
  /// ranges are checked.
  fileprivate func write(_ source: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, at index: Int)
    -> Int
  {
    index
      + extracting(index..<index + range.count).initialize(fromContentsOf: source.extracting(range))
  }
}
