import FoundationEssentials
package import Logging
package import Platform

#if canImport(Glibc)
import Glibc
#endif

/// Writes log events to standard error, one line each: JSON for machines, text for people.
package struct LineLogHandler: LogHandler {
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?

  private let format: ServerConfiguration.LogFormat
  private let clock: WallClock
  private let write: @Sendable ([UInt8]) -> Void

  package init(
    level: Logger.Level,
    format: ServerConfiguration.LogFormat,
    clock: WallClock = .system,
    write: @escaping @Sendable ([UInt8]) -> Void = Self.writeToStandardError
  ) {
    logLevel = level
    self.format = format
    self.clock = clock
    self.write = write
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var fields = metadata
    if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
    if let own = event.metadata { fields.merge(own) { $1 } }
    if let error = event.error { fields[LogKey.error] = "\(error)" }
    let time = Date(timeIntervalSince1970: Double(clock.now.microseconds) / 1_000_000)
      .formatted(
        .iso8601.year().month().day().timeZone(separator: .omitted).time(
          includingFractionalSeconds: true
        ).timeSeparator(.colon)
      )
    write(format == .json ? jsonLine(time, event, fields) : textLine(time, event, fields))
  }

  private func jsonLine(_ time: String, _ event: LogEvent, _ fields: Logger.Metadata) -> [UInt8] {
    var line = fields.mapValues(\.text)
    line["time"] = time
    line["level"] = event.level.rawValue
    line["message"] = event.message.description
    // Strings always encode.
    return ((try? JSON.encode(line)) ?? []) + [UInt8(ascii: "\n")]
  }

  private func textLine(_ time: String, _ event: LogEvent, _ fields: Logger.Metadata) -> [UInt8] {
    let pairs = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value.text)" }.joined()
    let text = "\(time) \(event.level.rawValue) \(event.message)\(pairs)"
    return text.utf8.flatMap(Self.visible) + [UInt8(ascii: "\n")]
  }

  /// Line breaks inside a value would allow its sender to forge log lines.
  private static func visible(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "\n"): Array(#"\n"#.utf8)
    case UInt8(ascii: "\r"): Array(#"\r"#.utf8)
    default: [byte]
    }
  }

  /// One `write` call per line, so that lines of several threads don't mix.
  package static let writeToStandardError: @Sendable ([UInt8]) -> Void = { bytes in
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }
}

extension Logger.MetadataValue {
  fileprivate var text: String {
    switch self {
    case .string(let text): text
    default: description
    }
  }
}
