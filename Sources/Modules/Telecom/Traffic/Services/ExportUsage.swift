import Contracts
import FoundationEssentials
import Platform

/// Lets an operator read all hours of a time.
struct ExportUsage: AdminOperation {
  static let permission = Permission("telecom.usage.export")

  let time: UsageTime

  var target: AuditTarget { AuditTarget("usage", "hours") }
  var detail: String { "\(time.start.seconds) to \(time.end.seconds)" }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> UsageExport {
    UsageExport(time: time)
  }
}

/// The hours of a time as CSV, a chunk at a time: neither this process nor a client ever holds them
/// all.
struct UsageExport: Sendable {
  private let time: UsageTime
  private var place: Place?
  private var isAtEnd = false

  /// The last line that was read.
  private struct Place {
    let hour: Instant
    let subscription: Subscription.ID
    let node: NodeServer.ID
  }

  /// Some hundred kilobytes of text.
  private static let chunk: Int32 = 2_000
  private static let heading =
    "hour,subscription_id,node_id,raw_upload_bytes,raw_download_bytes,billed_upload_bytes,billed_download_bytes\r\n"

  fileprivate init(time: UsageTime) {
    self.time = time
  }

  /// The next lines, the heading first; nil after the last. Source: RFC 4180; no field needs
  /// quotes.
  mutating func next(in telecom: Telecom) async throws -> String? {
    guard !isAtEnd else { return nil }
    var text = place == nil ? Self.heading : ""
    let rows = try await telecom.database.process(
      UsageHours.Export(
        since: time.start,
        before: time.end,
        afterHour: place?.hour ?? time.start - .seconds(1),
        afterSubscription: place?.subscription ?? .first,
        afterNode: place?.node ?? 0,
        rowLimit: Self.chunk
      )
    )
    for row in rows {
      let bytes = [row.rawUpload, row.rawDownload, row.billedUpload, row.billedDownload].map(
        String.init
      )
      text +=
        "\(Self.text(of: row.hour)),\(row.subscriptionID),\(row.nodeID),\(bytes.joined(separator: ","))\r\n"
    }
    if let last = rows.last {
      place = Place(hour: last.hour, subscription: last.subscriptionID, node: last.nodeID)
    }
    isAtEnd = rows.count < Int(Self.chunk)
    return text
  }

  private static func text(of hour: Instant) -> String {
    Date(timeIntervalSince1970: Double(hour.seconds)).formatted(.iso8601)
  }
}
