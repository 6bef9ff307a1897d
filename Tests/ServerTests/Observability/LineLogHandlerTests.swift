import FoundationEssentials
import Logging
import Platform
import Synchronization
import Testing

@testable import Server

@Suite struct LineLogHandlerTests {
  private final class Lines: Sendable {
    let all = Mutex<[String]>([])
  }

  private struct Failure: Error, CustomStringConvertible {
    var description: String { "it broke" }
  }

  private func log(
    _ format: ServerConfiguration.LogFormat,
    level: Logger.Level = .info,
    _ body: (inout Logger) -> Void
  ) -> [String] {
    let lines = Lines()
    let clock = WallClock { Instant(microseconds: 1_768_478_400_250_000) }
    var logger = Logger(label: "test") { _ in
      LineLogHandler(level: level, format: format, clock: clock) { bytes in
        lines.all.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
      }
    }
    body(&logger)
    return lines.all.withLock { $0 }
  }

  @Test func `a JSON line has time, level, message and every field`() throws {
    let lines = log(.json) { logger in
      logger[metadataKey: "a"] = "logger's"
      logger[metadataKey: "b"] = "logger's"
      logger.warning(
        "it \"happened\"\nagain",
        metadata: ["b": "event's", "n": .stringConvertible(7)]
      )
    }
    #expect(lines.count == 1)
    let line = try #require(lines.first)
    #expect(line.hasSuffix("\n"))
    #expect(!line.dropLast().contains("\n"))
    let fields = try JSON.decode([String: String].self, from: Array(line.utf8))
    #expect(
      fields == [
        "time": "2026-01-15T12:00:00.250Z", "level": "warning", "message": "it \"happened\"\nagain",
        "a": "logger's", "b": "event's",
        "n": "7",
      ]
    )
  }

  @Test func `a text line has its fields in order`() {
    let lines = log(.text) { logger in logger.info("ready", metadata: ["b": "2", "a": "1"]) }
    #expect(lines == ["2026-01-15T12:00:00.250Z info ready a=1 b=2\n"])
  }

  @Test func `what a client sends can't begin a line of its own`() {
    let lines = log(.text) { logger in logger.info("a\nb", metadata: ["c": "d\ne"]) }
    #expect(lines == ["2026-01-15T12:00:00.250Z info a\\nb c=d\\ne\n"])
  }

  @Test func `nor with the line end of a header`() {
    let lines = log(.text) { logger in logger.info("a\r\nb") }
    #expect(lines.allSatisfy { !$0.unicodeScalars.dropLast().contains("\n") })
  }

  @Test func `an error is a field`() throws {
    let lines = log(.json) { logger in logger.error("failed", error: Failure()) }
    #expect(
      try JSON.decode([String: String].self, from: Array(lines[0].utf8))[LogKey.error] == "it broke"
    )
  }

  @Test func `what is below the level isn't written`() {
    let lines = log(.text, level: .warning) { logger in
      logger.info("quiet")
      logger.warning("loud")
    }
    #expect(lines.count == 1)
  }
}
