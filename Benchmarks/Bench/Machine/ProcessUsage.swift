import FoundationEssentials
import Glibc

/// What a process has used so far, from /proc.
struct ProcessUsage: Sendable {
  /// User and system time, with that of children that have ended.
  let cpuMilliseconds: Double
  let threads: Int

  /// Throws when there is no such process.
  init(of pid: Int32) throws {
    // The name, in brackets, may contain anything; fields are counted from behind it.
    let text = try Self.text("/proc/\(pid)/stat")
    guard let end = text.lastIndex(of: ")") else {
      throw Program.Failure(description: "/proc/\(pid)/stat is unreadable")
    }
    let fields = text[text.index(after: end)...].split(separator: " ")
    // proc(5): the state is field 3; utime, stime, cutime and cstime are 14 to 17, num_threads is
    // 20.
    let ticks = fields[11...14].compactMap { Double($0) }.reduce(0, +)
    cpuMilliseconds = ticks * 1_000 / Double(sysconf(Int32(_SC_CLK_TCK)))
    threads = Int(fields[17]) ?? 0
  }

  /// The CPU time of a process and its children, as PostgreSQL has one for each connection.
  static func cpuMilliseconds(ofTree pid: Int32) throws -> Double {
    let children = try text("/proc/\(pid)/task/\(pid)/children").split(separator: " ").compactMap {
      Int32($0)
    }
    // A child that has ended meanwhile counts at its parent.
    let ofChildren = children.compactMap { try? ProcessUsage(of: $0).cpuMilliseconds }.reduce(0, +)
    return try ProcessUsage(of: pid).cpuMilliseconds + ofChildren
  }

  /// Memory in megabytes (10^6 bytes).
  struct Memory: Sendable {
    /// All pages that are present, those of the program's file included.
    let resident: Double
    /// The same with pages that processes share divided among them.
    let proportional: Double
    /// Pages that the process has written: what it costs whatever else runs.
    let dirty: Double
  }

  static func memory(of pid: Int32) throws -> Memory {
    let rollup = try text("/proc/\(pid)/smaps_rollup")
    func megabytes(_ label: String) throws -> Double {
      try Program.number(after: label, in: rollup) * 1_024 / 1e6
    }
    return Memory(
      resident: try megabytes("Rss:"),
      proportional: try megabytes("\nPss:"),
      dirty: try megabytes("Private_Dirty:")
    )
  }

  /// The most megabytes that were ever present at once.
  static func highestResident(of pid: Int32) throws -> Double {
    try Program.number(after: "VmHWM:", in: text("/proc/\(pid)/status")) * 1_024 / 1e6
  }

  /// Begins anew with the highest; the megabytes that are present now. Source: proc(5), clear_refs.
  static func resetHighestResident(of pid: Int32) throws -> Double {
    try Data("5".utf8).write(to: URL(filePath: "/proc/\(pid)/clear_refs"))
    return try memory(of: pid).resident
  }

  private static func text(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Program.Failure(description: "\(path) can't be read")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
