import NIOCore
import NIOSSL
import Synchronization

/// Makes the TLS handler of each connection from one context, for that is expensive to make.
final class TLSContext: Sendable {
  private let configuration: RedisConfiguration.TLS
  private let context = Mutex<NIOSSLContext?>(nil)

  init(_ configuration: RedisConfiguration.TLS) {
    self.configuration = configuration
  }

  /// A handler for a connection to the host.
  func makeHandler(host: String) throws(RedisError) -> NIOSSLClientHandler {
    do {
      let context = try shared()
      do {
        return try NIOSSLClientHandler(context: context, serverHostname: host)
      } catch let error as NIOSSLExtraError where error == .cannotUseIPAddressInSNI {
        // Without a name, the certificate must have the address that was connected to.
        return try NIOSSLClientHandler(context: context, serverHostname: nil)
      }
    } catch {
      throw .tls("\(error)")
    }
  }

  /// The context; a failure (a file that can't be read) is not remembered, so that mending the file
  /// mends the client.
  private func shared() throws -> NIOSSLContext {
    try context.withLock { context in
      if let context { return context }
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.minimumTLSVersion = .tlsv12
      if let file = configuration.authoritiesFile { tls.trustRoots = .file(file) }
      if configuration.acceptsAnyCertificate { tls.certificateVerification = .none }
      if let file = configuration.certificateFile {
        tls.certificateChain = try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) }
      }
      if let file = configuration.privateKeyFile {
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: file, format: .pem))
      }
      let made = try NIOSSLContext(configuration: tls)
      context = made
      return made
    }
  }
}
