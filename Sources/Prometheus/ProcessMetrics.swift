import Glibc

/// What Linux knows of this process, under the names that all Prometheus clients use.
struct ProcessMetrics: Hashable {
  /// User and system time, in seconds.
  let cpuSeconds: Double
  /// In bytes.
  let residentMemory: Double
  /// In bytes.
  let virtualMemory: Double
  let openFiles: Int?
  let maxFiles: Double?
  /// In seconds since 1970.
  let startTime: Double?

  /// Read from `/proc`; nil where there is none.
  static var current: ProcessMetrics? {
    guard let stat = contents(of: "/proc/self/stat") else { return nil }
    return ProcessMetrics(
      stat: stat,
      systemStat: contents(of: "/proc/stat") ?? "",
      ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))),
      pageSize: Double(sysconf(Int32(_SC_PAGESIZE))),
      openFiles: openFileCount(),
      maxFiles: fileLimit()
    )
  }

  /// Reads the texts of `/proc/self/stat` and `/proc/stat`; nil when the first is not of that form.
  /// Source: proc(5).
  init?(
    stat: String,
    systemStat: String,
    ticksPerSecond: Double,
    pageSize: Double,
    openFiles: Int?,
    maxFiles: Double?
  ) {
    // The second field is the program's name in parentheses, which may have spaces and parentheses
    // itself.
    guard let end = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: end)...].split(whereSeparator: \.isWhitespace)
    // The third field, the state, is number 0 here.
    func field(_ number: Int) -> Double? {
      fields.count > number - 3 ? Double(String(fields[number - 3])) : nil
    }
    guard let user = field(14), let system = field(15), let start = field(22), let size = field(23),
      let pages = field(24)
    else {
      return nil
    }
    cpuSeconds = (user + system) / ticksPerSecond
    virtualMemory = size
    residentMemory = pages * pageSize
    let bootTime = systemStat.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap {
      Double(String($0.dropFirst(6)))
    }
    startTime = bootTime.map { $0 + start / ticksPerSecond }
    self.openFiles = openFiles
    self.maxFiles = maxFiles
  }

  func write(into output: inout String) {
    func write(_ name: String, _ kind: MetricKind, _ help: String, _ value: Double?) {
      guard let value else { return }
      output.writeHeader(name, kind, help)
      output.writeSample(name, "", value)
    }
    write(
      "process_cpu_seconds_total",
      .counter,
      "User and system CPU time spent in seconds.",
      cpuSeconds
    )
    write("process_max_fds", .gauge, "Max number of open file descriptors.", maxFiles)
    write("process_open_fds", .gauge, "Open file descriptors.", openFiles.map(Double.init))
    write("process_resident_memory_bytes", .gauge, "Resident memory in bytes.", residentMemory)
    write(
      "process_start_time_seconds",
      .gauge,
      "When the process started, in seconds since 1970.",
      startTime
    )
    write("process_virtual_memory_bytes", .gauge, "Virtual memory in bytes.", virtualMemory)
  }

  /// The text of a file that has no size, as those of `/proc`.
  private static func contents(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = read(descriptor, &piece, piece.count)
      guard count > 0 else { return count == 0 ? String(decoding: text, as: UTF8.self) : nil }
      text += piece[..<count]
    }
  }

  private static func openFileCount() -> Int? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    // Itself, `.` and `..` do not count.
    return max(0, count - 3)
  }

  private static func fileLimit() -> Double? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    return Double(limit.rlim_cur)
  }
}
