import Glibc
import Subprocess
import SystemPackage

/// A running server and the shell that ends it when this process closes its end of a socket pair,
/// or dies.
struct Supervisor: Sendable {
  let server: ProcessRecord
  private let shell: ProcessRecord
  private let program: ServerProgram
  /// This process's end of the pair.
  private let leash: Leash

  var pids: [Int32] { [server.pid, shell.pid] }

  /// Starts a server under a supervisor of its own.
  static func launch(_ program: ServerProgram) async throws(LocalServers.StartError) -> Supervisor {
    var ends: [Int32] = [0, 0]
    // Closed on exec from the first moment, unlike pipe(2): a child started meanwhile would keep
    // the leash alive.
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0
    else {
      throw program.failure("\(Errno.current)")
    }
    let leash = Leash(FileDescriptor(rawValue: ends[1]))
    var options = PlatformOptions()
    // Ctrl-C in a terminal must not reach the servers before the workers that use them.
    options.createSession = true
    let output: String
    do {
      let launcher = try await run(
        .path("/bin/sh"),
        arguments: Arguments(["-c", script, "helium-supervisor"] + program.scriptArguments),
        environment: .custom(program.environment),
        workingDirectory: program.folder,
        platformOptions: options,
        input: .fileDescriptor(FileDescriptor(rawValue: ends[0]), closeAfterSpawningProcess: true),
        output: .string(limit: 4_096),
        error: .discarded
      )
      output = launcher.standardOutput
    } catch {
      leash.close()
      throw program.failure("\(error)")
    }
    guard let shell = record("supervisor", in: output), let server = record("server", in: output)
    else {
      leash.close()
      throw program.failure("it ended while starting")
    }
    do throws(Errno) {
      try program.records.write("\(server.line)\n\(shell.line)\n", mode: .privateFile)
    } catch {
      leash.close()
      throw program.failure("\(program.records): \(error)")
    }
    return Supervisor(server: server, shell: shell, program: program, leash: leash)
  }

  /// Waits until the server answers. When it does not, it is stopped.
  func ready(
    within limit: Duration,
    _ isReady: () -> Bool
  ) async throws(LocalServers.StartError) {
    let deadline = ContinuousClock.now + limit
    while true {
      let failure: String
      if !server.isAlive {
        failure = "it ended while starting"
      } else if Task.isCancelled {
        failure = "the start was cancelled"
      } else if ContinuousClock.now > deadline {
        failure = "it did not answer within \(limit.components.seconds) s"
      } else if isReady() {
        return
      } else {
        await pause(.milliseconds(30))
        continue
      }
      let error = program.failure(failure)
      await Supervisor.stop([self])
      throw error
    }
  }

  /// Stops servers that belong together, the one started last first.
  ///
  /// - Parameter keepsDirectory: whether the directory stays even where it should go with the
  ///   servers.
  static func stop(_ supervisors: [Supervisor], keepsDirectory: Bool = false) async {
    for supervisor in supervisors.reversed() {
      supervisor.leash.close(keepsDirectory ? "keep\n" : "")
      let patience = Duration.seconds(supervisor.program.grace + 10)
      if await !supervisor.shell.end(within: patience) {
        supervisor.server.send(.kill)
        supervisor.shell.send(.kill)
      }
      _ = unlink(supervisor.program.records.string)
    }
  }

  private static func record(_ name: String, in output: String) -> ProcessRecord? {
    for line in output.split(whereSeparator: \.isNewline) where line.hasPrefix("\(name) ") {
      return Int32(line.dropFirst(name.count + 1)).flatMap(ProcessRecord.init(pid:))
    }
    return nil
  }
}

extension Supervisor {
  /// Ends the processes that a killed owner of this directory left. Their supervisors are usually
  /// at it already.
  static func stopLeftovers(in directory: FilePath) async {
    for name in ServerProgram.names {
      let file = directory.appending("\(name).pids")
      guard let text = file.text() else { continue }
      let processes = text.split(whereSeparator: \.isNewline).compactMap(ProcessRecord.init(line:))
      if let server = processes.first {
        if processes.count > 1 { _ = await processes[1].end(within: leftoverPatience) }
        server.send(.terminate)
        if await !server.end(within: leftoverPatience) {
          server.send(.kill)
          _ = await server.end(within: leftoverPatience)
        }
      }
      _ = unlink(file.string)
    }
  }

  /// Longer than the longest grace a supervisor gives its server.
  private static let leftoverPatience = Duration.seconds(35)

  /// Arguments: log, signal, seconds of grace, directory to remove at the end or nothing (told
  /// `keep`, it stays), then the server's command.
  ///
  /// The outer shell ends at once, so the supervisor belongs to nobody; it ends after the answers,
  /// for which `$()` waits, since the caller stops listening when it ends. File descriptor 3 is the
  /// leash.
  private static let script = """
    umask 077
    exec 3<&0
    answers=$(
      (
        log=$1 signal=$2 grace=$3 remove=$4
        shift 4
        exec 4>&1 </dev/null >"$log" 2>&1
        "$@" 3<&- 4>&- &
        server=$!
        trap '' INT TERM HUP PIPE
        echo "server $server" >&4
        exec 4>&-
        read -r order <&3
        alive() {
          kill -0 "$server" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$server/status" 2>/dev/null
        }
        kill -s "$signal" "$server" 2>/dev/null
        left=$((grace * 20))
        while alive && [ "$left" -gt 0 ]; do
          sleep 0.05
          left=$((left - 1))
        done
        kill -s KILL "$server" 2>/dev/null
        wait "$server"
        if [ -n "$remove" ] && [ "$order" != keep ]; then rm -rf -- "$remove"; fi
      ) &
      echo "supervisor $!"
    )
    echo "$answers"
    """
}
