import CLibpq
import Logging

/// Writes the server's notices to the log.
final class NoticeLog: Sendable {
  private let logger: Logger

  init(logger: Logger) { self.logger = logger }

  static let receive: PQnoticeReceiver = { context, result in
    guard let context, let result else { return }
    let notice = PostgresError(result, query: nil)
    let level: Logger.Level =
      notice.sqlState.hasPrefix("00") ? .debug : notice.sqlState.hasPrefix("57P") ? .info : .warning
    Unmanaged<NoticeLog>.fromOpaque(context).takeUnretainedValue().logger.log(
      level: level,
      "server notice",
      metadata: ["db.sqlstate": "\(notice.sqlState)", "db.notice": "\(notice.message)"]
    )
  }
}
