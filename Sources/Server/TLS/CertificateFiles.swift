import AsyncAlgorithms
import FoundationEssentials
import Logging
import NIOCertificateReloading
import NIOSSL
import Platform
import ServiceLifecycle
import Synchronization

/// The certificate and key that servers show, read again when their files change.
///
/// Connections that are open keep the pair they began with. A pair that can't be used leaves the
/// last good one in effect.
final class CertificateFiles: CertificateReloader, Service {
  /// How soon a new pair is in effect. Contents are compared instead of dates, since orchestrators
  /// swap links.
  static let interval = Duration.seconds(5)

  private struct Contents: Hashable {
    let certificate: Data?
    let key: Data?
  }

  private struct State {
    var pair: NIOSSLContextConfigurationOverride
    /// What was read last, usable or not.
    var contents: Contents
  }

  private let files: ServerConfiguration.TLSFiles
  private let logger: Logger
  private let state: Mutex<State>

  /// Throws `Unusable`.
  init(_ files: ServerConfiguration.TLSFiles, logger: Logger) throws {
    self.files = files
    self.logger = logger
    let contents = Self.contents(of: files)
    state = Mutex(State(pair: try Self.pair(contents, of: files), contents: contents))
  }

  var sslContextConfigurationOverride: NIOSSLContextConfigurationOverride {
    state.withLock { $0.pair }
  }

  func run() async throws {
    for await _ in AsyncTimerSequence(interval: Self.interval, clock: .continuous)
      .cancelOnGracefulShutdown()
    { refresh() }
  }

  /// Reads the files and, when they changed, uses them; a pair that can't be used is told once.
  func refresh() {
    let contents = Self.contents(of: files)
    guard state.withLock({ $0.contents != contents }) else { return }
    do {
      let pair = try Self.pair(contents, of: files)
      state.withLock { $0 = State(pair: pair, contents: contents) }
      logger.info("a new certificate is in effect")
    } catch {
      state.withLock { $0.contents = contents }
      logger.error(
        "the new certificate can't be used; the last one stays in effect",
        metadata: [LogKey.error: "\(error)"]
      )
    }
  }

  private static func contents(of files: ServerConfiguration.TLSFiles) -> Contents {
    Contents(
      certificate: FileManager.default.contents(atPath: files.certificate),
      key: FileManager.default.contents(atPath: files.key)
    )
  }

  private static func pair(_ contents: Contents, of files: ServerConfiguration.TLSFiles) throws
    -> NIOSSLContextConfigurationOverride
  {
    func parse<Value>(
      _ variable: String,
      _ path: String,
      _ data: Data?,
      _ body: ([UInt8]) throws -> Value
    ) throws -> Value {
      guard let data else { throw Unusable(description: "\(variable): \(path) can't be read") }
      do {
        return try body([UInt8](data))
      } catch {
        throw Unusable(
          description: "\(variable): \(path) is not a PEM file of the right kind (\(error))"
        )
      }
    }
    let chain: [NIOSSLCertificateSource] = try parse(
      "TLS_CERT_FILE",
      files.certificate,
      contents.certificate
    ) { bytes in
      try NIOSSLCertificate.fromPEMBytes(bytes).map { .certificate($0) }
    }
    let key = NIOSSLPrivateKeySource.privateKey(
      try parse("TLS_KEY_FILE", files.key, contents.key) {
        try NIOSSLPrivateKey(bytes: $0, format: .pem)
      }
    )
    do {
      _ = try NIOSSLContext(
        configuration: .makeServerConfiguration(certificateChain: chain, privateKey: key)
      )
    } catch {
      throw Unusable(
        description: "TLS_KEY_FILE: \(files.key) is not the key of \(files.certificate) (\(error))"
      )
    }
    var pair = NIOSSLContextConfigurationOverride()
    pair.certificateChain = chain
    pair.privateKey = key
    return pair
  }

  /// Why a certificate and its key can't be used, with the variable that names the file.
  struct Unusable: Error, CustomStringConvertible {
    let description: String
  }
}
