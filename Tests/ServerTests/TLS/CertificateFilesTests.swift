import Foundation
import HTTPEdge
import Hummingbird
import Logging
import NIOSSL
import Synchronization
import Testing

@testable import Server

@Suite struct CertificateFilesTests {
  private func withFolder(_ body: (TestCertificateFolder) async throws -> Void) async throws {
    let folder = try TestCertificateFolder()
    do {
      try folder.replace(name: "one")
      try await body(folder)
    } catch {
      folder.remove()
      throw error
    }
    folder.remove()
  }

  private func files(_ folder: TestCertificateFolder) -> ServerConfiguration.TLSFiles {
    ServerConfiguration.TLSFiles(certificate: folder.certificate, key: folder.key)
  }

  private func onDisk(_ folder: TestCertificateFolder) throws -> NIOSSLCertificate? {
    try NIOSSLCertificate.fromPEMFile(folder.certificate).first
  }

  /// A logger that counts what is said at `error`.
  private func counting() -> (Logger, @Sendable () -> Int) {
    let lines = CountedLines()
    let logger = Logger(label: "test") { _ in
      LineLogHandler(level: .error, format: .text) { _ in lines.count.withLock { $0 += 1 } }
    }
    return (logger, { lines.count.withLock { $0 } })
  }

  private final class CountedLines: Sendable {
    let count = Mutex(0)
  }

  @Test func `new connections get the new certificate, open ones go on`() async throws {
    try await withFolder { folder in
      let files = try CertificateFiles(files(folder), logger: counting().0)
      let router = Router(context: HTTPCall.self)
      router.get("/hello") { _, _ in "hello" }
      let first = try onDisk(folder)
      try await withHTTPServer(router, certificate: files) { port, _ in
        let old = try await HTTPClientConnection.connect(port: port, isSecure: true)
        #expect(old.certificate == first)
        try await old.conversation { open in
          let request = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
          #expect(try await open.say(request, until: "hello").hasSuffix("hello"))
          try folder.replace(name: "two")
          files.refresh()
          let new = try await HTTPClientConnection.connect(port: port, isSecure: true)
          #expect(try onDisk(folder) != first)
          #expect(new.certificate == (try onDisk(folder)))
          #expect(
            try await new.exchange(["GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])
              .contains("200")
          )
          #expect(try await open.say(request, until: "hello").hasSuffix("hello"))
        }
      }
    }
  }

  @Test func `a pair that can't be used leaves the last one in effect and is told once`()
    async throws
  {
    try await withFolder { folder in
      let (logger, errors) = counting()
      let files = try CertificateFiles(files(folder), logger: logger)
      let good = files.sslContextConfigurationOverride.certificateChain
      try folder.spoilCertificate("no certificate")
      for _ in 0..<3 { files.refresh() }
      #expect(errors() == 1)
      #expect(files.sslContextConfigurationOverride.certificateChain == good)
      try folder.replace(name: "two")
      files.refresh()
      #expect(
        files.sslContextConfigurationOverride.certificateChain == [
          .certificate(try #require(try onDisk(folder)))
        ]
      )
      #expect(errors() == 1)
    }
  }

  @Test func `a certificate whose key isn't there yet isn't used`() async throws {
    try await withFolder { folder in
      let files = try CertificateFiles(files(folder), logger: counting().0)
      let good = files.sslContextConfigurationOverride.certificateChain
      let key = try Data(contentsOf: URL(filePath: folder.key))
      try folder.replace(name: "two")
      let newKey = try Data(contentsOf: URL(filePath: folder.key))
      try key.write(to: URL(filePath: folder.key))
      files.refresh()
      #expect(files.sslContextConfigurationOverride.certificateChain == good)
      try newKey.write(to: URL(filePath: folder.key))
      files.refresh()
      #expect(files.sslContextConfigurationOverride.certificateChain != good)
    }
  }

  @Test func `a pair that can't be used at the start is named by its variable`() async throws {
    try await withFolder { folder in
      try folder.spoilCertificate("no certificate")
      let error = #expect(throws: CertificateFiles.Unusable.self) {
        try CertificateFiles(files(folder), logger: counting().0)
      }
      #expect(error?.description.hasPrefix("TLS_CERT_FILE: \(folder.certificate)") == true)
    }
  }
}
