import Glibc
import Subprocess
import SystemPackage

/// An SMTP server that keeps every message as a file and delivers none, on Python's aiosmtpd.
struct MailSink: ServerRecipe {
  private let options: LocalServers.Options
  private let place: Place
  private let python: FilePath
  private let port: Int

  private var folder: FilePath { place.directory.appending("mail-sink") }
  private var script: FilePath { folder.appending("sink.py") }

  init(_ options: LocalServers.Options, in place: Place) async throws(LocalServers.StartError) {
    self.options = options
    self.place = place
    python = try await MailSink.python()
    port = try LocalServers.Kind.mailSink.port(options.ports.smtp, options)
  }

  var url: String { "smtp://127.0.0.1:\(port)" }

  /// The first Python that has aiosmtpd: the one of `HELIUM_PYTHON`, of `.venv` beside the package,
  /// or Debian's.
  private static func python() async throws(LocalServers.StartError) -> FilePath {
    let named = getenv("HELIUM_PYTHON").map { String(cString: $0) }
    for path in [named, ".venv/bin/python3", "/usr/bin/python3"].compactMap({ $0 })
    where access(path, X_OK) == 0 {
      let python = FilePath(path)
      let result = try? await run(
        .path(python),
        arguments: ["-c", "import aiosmtpd.controller"],
        output: .discarded,
        error: .discarded
      )
      if result?.terminationStatus.isSuccess == true { return python }
    }
    throw .missingPrograms(packages: ["python3-aiosmtpd"])
  }

  func prepare() async throws(LocalServers.StartError) {
    _ = try place.folder("mail-sink", owner: nil)
    _ = try place.folder("mail", owner: nil)
    do throws(Errno) {
      try script.write(MailSink.program, mode: .privateFile)
    } catch {
      throw .directoryUnusable(folder, reason: "\(error)")
    }
  }

  func start() async throws(LocalServers.StartError) -> [Supervisor] {
    let began = ContinuousClock.now
    let path =
      python.isAbsolute
      ? python : (python.removingLastComponent().resolved() ?? "").appending("python3")
    let program = ServerProgram(
      kind: .mailSink,
      name: "mail-sink",
      command: [
        path.string, "-u", script.string, "\(port)", place.mailDirectory.string,
        folder.appending("faults").string,
      ],
      environment: ServerProgram.environment(home: folder),
      folder: folder,
      account: nil,
      directory: place.directory,
      stopSignal: .terminate,
      grace: 5,
      removesDirectory: options.removesDirectory
    )
    let supervisor = try await Supervisor.launch(program)
    try await supervisor.ready(within: .seconds(30)) {
      LoopbackPort.ask(port, [])?.starts(with: "220".utf8) == true
    }
    LocalServers.Kind.mailSink.announce(port: port, since: began, options.progress)
    return [supervisor]
  }
}
