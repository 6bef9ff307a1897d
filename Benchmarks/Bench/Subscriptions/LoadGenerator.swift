import FoundationEssentials
import SystemPackage

/// wrk, asking from its own core while what it asks has another.
struct LoadGenerator: Sendable {
  /// A request of the mix that a run draws from at random.
  struct Request: Sendable {
    let path: String
    /// Sent as `If-None-Match`.
    var knownTag: String?
  }

  struct Result: Sendable {
    let requests: Double
    let perSecond: Double
    /// Latencies in milliseconds.
    let p50: Double
    let p99: Double
    /// Answers of 4xx and 5xx.
    let refused: Double
  }

  let folder: FilePath
  let seconds: Int

  /// wrk's script: every request is put together before the run, so that the generator costs
  /// little.
  private static let script = """
    local prepared = {}

    function init(arguments)
      math.randomseed(20261124)
      for line in io.lines(arguments[1]) do
        local path, tag = line:match("^(%S+)%s*(.*)$")
        local headers = {["User-Agent"] = "v2rayNG/1.10.2"}
        if tag ~= "" then headers["If-None-Match"] = tag end
        prepared[#prepared + 1] = wrk.format("GET", path, headers)
      end
    end

    function request()
      return prepared[math.random(#prepared)]
    end

    function done(summary, latency, requests)
      local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
      io.write(string.format(
        "requests=%d microseconds=%d p50=%d p99=%d refused=%d failed=%d\\n", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99), summary.errors.status, failed))
    end

    """

  /// Throws when a connection broke or an answer didn't come.
  func run(port: Int, _ requests: [Request], connections: Int) async throws -> Result {
    let (script, list) = (folder.appending("requests.lua"), folder.appending("requests.txt"))
    try write(Self.script, to: script)
    try write(requests.map { "\($0.path) \($0.knownTag ?? "")\n" }.joined(), to: list)
    let output = try await Program.run(
      Program.installed("taskset"),
      [
        "--cpu-list", Core.generator.list, try Program.installed("wrk").string, "--threads", "1",
        "--connections", "\(connections)",
        "--duration", "\(seconds)s", "--timeout", "10s", "--script", script.string,
        "http://127.0.0.1:\(port)", "--", list.string,
      ]
    )
    func number(_ label: String) throws -> Double { try Program.number(after: label, in: output) }
    guard try number("failed=") == 0 else {
      throw Program.Failure(description: "answers failed to come: \(output)")
    }
    let count = try number("requests=")
    return Result(
      requests: count,
      perSecond: count * 1e6 / (try number("microseconds=")),
      p50: try number("p50=") / 1_000,
      p99: try number("p99=") / 1_000,
      refused: try number("refused=")
    )
  }

  private func write(_ text: String, to path: FilePath) throws {
    try Data(text.utf8).write(to: URL(filePath: path.string))
  }
}

/// Which processor a process runs on. With one processor all share it, and the figures of CPU time
/// still hold.
enum Core: Int {
  case service, generator

  var list: String {
    rawValue < ProcessInfo.processInfo.processorCount ? "\(rawValue)" : "0"
  }

  /// Moves a running process, its threads, and the children it will have.
  func take(_ pid: Int32) async throws {
    _ = try await Program.run(
      Program.installed("taskset"),
      ["--all-tasks", "--pid", "--cpu-list", list, "\(pid)"]
    )
  }

  /// Lets a process run everywhere again.
  static func release(_ pid: Int32) async throws {
    let last = ProcessInfo.processInfo.processorCount - 1
    _ = try await Program.run(
      Program.installed("taskset"),
      ["--all-tasks", "--pid", "--cpu-list", "0-\(last)", "\(pid)"]
    )
  }
}
