import Foundation
import Subprocess
import SystemPackage

/// A TLS listener in front of a plain port, with a certificate for `localhost` of its own making:
/// Debian's openssl and Python's ssl.
struct TLSFront {
  let port: Int
  /// Path of the certificate, which is its own authority.
  let certificate: String

  /// Could not be set up.
  struct SetupError: Error {
    let text: String
  }

  private static let program = """
    import os, socket, ssl, sys, threading, time
    certificate, key, target, announcement = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    def leave_with(parent):
        while os.getppid() == parent: time.sleep(1)
        os._exit(0)
    threading.Thread(target=leave_with, args=(os.getppid(),), daemon=True).start()
    with open(announcement + ".new", "w") as file: file.write(str(listener.getsockname()[1]))
    os.rename(announcement + ".new", announcement)
    def copy(source, target):
        try:
            while data := source.recv(65536): target.sendall(data)
        except OSError: pass
        for end in (source, target):
            try: end.shutdown(socket.SHUT_RDWR)
            except OSError: pass
    def serve(plain):
        try: client = context.wrap_socket(plain, server_side=True)
        except OSError: return
        server = socket.create_connection(("127.0.0.1", int(target)))
        threading.Thread(target=copy, args=(client, server), daemon=True).start()
        copy(server, client)
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
    """

  /// Runs `body` with a listener in front of the port.
  static func with(target: Int, _ body: (TLSFront) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "helium-tls-\(UUID().uuidString)"
    )
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let certificate = directory.appending(path: "certificate.pem").path
    let key = directory.appending(path: "key.pem").path
    let openssl = try await run(
      .path("/usr/bin/openssl"),
      arguments: [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
      ],
      output: .discarded
    )
    guard openssl.terminationStatus.isSuccess else {
      throw SetupError(text: "openssl: \(openssl.terminationStatus)")
    }

    let announcement = directory.appending(path: "port")
    _ = try await run(
      .path("/usr/bin/python3"),
      arguments: ["-c", program, certificate, key, "\(target)", announcement.path],
      input: .none,
      output: .discarded,
      error: .discarded
    ) { execution in
      do {
        var port: Int?
        for _ in 0..<600 where port == nil {
          try await Task.sleep(for: .milliseconds(50))
          port = (try? String(contentsOf: announcement, encoding: .utf8)).flatMap { Int($0) }
        }
        guard let port else { throw SetupError(text: "python3 doesn't listen") }
        try await body(TLSFront(port: port, certificate: certificate))
      } catch {
        try? execution.send(signal: .kill)
        throw error
      }
      try execution.send(signal: .kill)
    }
  }
}
