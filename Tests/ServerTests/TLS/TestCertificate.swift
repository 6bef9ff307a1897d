import Foundation

/// A folder with a certificate and its key, which a test replaces.
struct TestCertificateFolder {
  let folder: URL

  var certificate: String { folder.appending(path: "tls.pem").path }
  var key: String { folder.appending(path: "tls.key").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func remove() {
    try? FileManager.default.removeItem(at: folder)
  }

  /// Puts a new self-signed pair in place.
  func replace(name: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-days", "2", "-subj", "/CN=\(name)",
      "-keyout", key, "-out", certificate,
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  /// Puts `text` into the certificate's file.
  func spoilCertificate(_ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: certificate))
  }
}
