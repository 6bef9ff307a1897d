import Crypto
import FoundationEssentials
import Platform
import SubscriptionFormats
import Synchronization

/// A prepared document, which each fetch fills with its own credential and link, and its digest.
struct SharedDocument: Sendable {
  private let prepared: PreparedDocument
  /// Of the bytes without a credential and a link.
  private let digest: [UInt8]
  /// Whether the subscription's own link is part of the document.
  private let namesLink: Bool
  let size: Int

  /// The credential of nobody.
  private static let blank = Credential(uuid: UUID(bytes: [UInt8](repeating: 0, count: 16)))
  /// The link of nobody.
  private static let anyLink = "https://example.com/"

  init(_ prepared: PreparedDocument) {
    let body = prepared.body(for: Self.blank)
    self.prepared = prepared
    digest = Array(SHA256.hash(data: body))
    namesLink = prepared.body(for: Self.blank, link: Self.anyLink) != body
    size = body.count
  }

  /// The tag is computed without filling in the document. It reveals nothing about the credential
  /// or the link.
  func answer(for credential: Credential, known ifNoneMatch: String?, link: () -> String)
    -> TaggedAnswer
  {
    let link = namesLink ? link() : nil
    let tag = EntityTag(
      of: digest + withUnsafeBytes(of: credential.uuid.uuid) { Array($0) }
        + Array((link ?? "").utf8)
    )
    return TaggedAnswer(tag, known: ifNoneMatch) { prepared.body(for: credential, link: link) }
  }
}

/// The documents that a worker prepared last. Every worker has its own cache; they agree, since
/// documents depend only on versions.
final class DocumentCache: Sendable {
  /// What a document is made of.
  struct Key: Hashable, Sendable {
    enum Source: Hashable, Sendable {
      case group(NodeGroup.ID, version: Int64)
      case notice(SubscriptionNotice)
    }

    let source: Source
    let client: SubscriptionClient
    let options: DocumentOptions
  }

  private struct Entry {
    let document: SharedDocument
    var lastUsed: UInt64
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var bytes = 0
    var clock: UInt64 = 0
  }

  /// Hundreds of groups and formats with dozens of nodes; an idle worker is to stay below 40 MB.
  static let maxBytes = 8 << 20

  private let maxBytes: Int
  private let state = Mutex(State())

  init(maxBytes: Int = DocumentCache.maxBytes) {
    self.maxBytes = maxBytes
  }

  /// The document of `key`, prepared if it isn't there. Two that ask at once may both prepare it,
  /// which does no harm.
  func document(_ key: Key, prepare: () async throws -> PreparedDocument) async throws
    -> SharedDocument
  {
    if let document = find(key) { return document }
    let document = SharedDocument(try await prepare())
    keep(document, key)
    return document
  }

  var count: Int { state.withLock { $0.entries.count } }

  private func find(_ key: Key) -> SharedDocument? {
    state.withLock { state in
      state.clock += 1
      state.entries[key]?.lastUsed = state.clock
      return state.entries[key]?.document
    }
  }

  private func keep(_ document: SharedDocument, _ key: Key) {
    state.withLock { state in
      state.clock += 1
      if let old = state.entries.updateValue(
        Entry(document: document, lastUsed: state.clock),
        forKey: key
      ) {
        state.bytes -= old.document.size
      }
      state.bytes += document.size
      while state.bytes > maxBytes,
        let oldest = state.entries.min(by: { $0.value.lastUsed < $1.value.lastUsed })
      {
        state.entries[oldest.key] = nil
        state.bytes -= oldest.value.document.size
      }
    }
  }
}
