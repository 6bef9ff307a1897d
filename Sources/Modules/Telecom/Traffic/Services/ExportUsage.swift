import Contracts
import Platform

/// All hours of a time as CSV, for operators.
struct ExportUsage: AdminOperation {
  static let permission = Permission("telecom.usage.export", .moderators)

  let time: UsageTime.Bounds

  var target: AuditTarget { AuditTarget("usage", "hours") }
  var detail: String { time.description }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> UsageExport {
    UsageExport(telecom: telecom, time: try time.resolved(at: telecom.clock.now))
  }
}

/// The hours of a time as CSV, a chunk at a time: neither this process nor a client ever holds them
/// all. The heading comes first. Source: RFC 4180; no field needs quotes.
struct UsageExport: AsyncSequence, Sendable {
  fileprivate let telecom: Telecom
  fileprivate let time: UsageTime

  /// Some hundred kilobytes of text.
  private static let chunk: Int32 = 2_000
  private static let heading =
    "hour,subscription_id,node_id,raw_upload_bytes,raw_download_bytes,billed_upload_bytes,"
    + "billed_download_bytes\r\n"

  func makeAsyncIterator() -> Iterator { Iterator(export: self) }

  /// Reads the next chunk when it is asked for it.
  struct Iterator: AsyncIteratorProtocol {
    fileprivate let export: UsageExport
    private var place: Place?
    private var isAtEnd = false

    fileprivate init(export: UsageExport) {
      self.export = export
    }

    /// The next lines; nil after the last.
    mutating func next() async throws -> String? {
      guard !isAtEnd else { return nil }
      var text = place == nil ? UsageExport.heading : ""
      let time = export.time
      let rows = try await export.telecom.process(
        UsageHours.Export(
          since: time.start,
          before: time.end,
          afterHour: place?.hour ?? time.start - .seconds(1),
          afterSubscription: place?.subscription ?? .first,
          afterNode: place?.node ?? 0,
          rowLimit: UsageExport.chunk
        )
      )
      for row in rows { text += UsageExport.line(row) }
      if let last = rows.last {
        place = Place(hour: last.hour, subscription: last.subscriptionID, node: last.nodeID)
      }
      isAtEnd = rows.count < Int(UsageExport.chunk)
      return text
    }
  }

  /// The last line that was read.
  private struct Place {
    let hour: Instant
    let subscription: Subscription.ID
    let node: NodeServer.ID
  }

  private static func line(_ row: UsageHours.Export.Row) -> String {
    let bytes = [row.rawUpload, row.rawDownload, row.billedUpload, row.billedDownload]
    return "\(row.hour.iso8601),\(row.subscriptionID),\(row.nodeID),"
      + bytes.map { String($0) }.joined(separator: ",") + "\r\n"
  }
}
