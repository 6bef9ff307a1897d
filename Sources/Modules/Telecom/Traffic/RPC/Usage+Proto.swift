import AgentProtocols
import Platform
import SwiftProtobuf
import TelecomProtos
import WireValues

extension UsageTime.Bounds {
  init(_ message: Helium_Telecom_V1_UsageTime) throws {
    self.init(
      start: message.hasStart ? try Instant(message.start, field: "time.start") : nil,
      end: message.hasEnd ? try Instant(message.end, field: "time.end") : nil
    )
  }
}

extension UsageBucket {
  init(_ message: Helium_Telecom_V1_UsageBucket) throws(InvalidInput) {
    switch message {
    case .unspecified, .hour: self = .hour
    case .day: self = .day
    case .UNRECOGNIZED: throw InvalidInput("bucket", "is not a known bucket")
    }
  }
}

extension Helium_Telecom_V1_Usage {
  init(_ row: UsageHours.ListOfSubscription.Row) {
    self.init()
    startTime = Google_Protobuf_Timestamp(row.start)
    rawUploadBytes = row.rawUpload
    rawDownloadBytes = row.rawDownload
    billedUploadBytes = row.billedUpload
    billedDownloadBytes = row.billedDownload
  }

  init(_ row: UsageHours.ListOfNode.Row) {
    self.init()
    startTime = Google_Protobuf_Timestamp(row.start)
    rawUploadBytes = row.rawUpload
    rawDownloadBytes = row.rawDownload
    billedUploadBytes = row.billedUpload
    billedDownloadBytes = row.billedDownload
  }
}

extension Helium_Telecom_V1_BilledUsage {
  init(_ row: UsageHours.ListOfSubscription.Row) {
    self.init()
    startTime = Google_Protobuf_Timestamp(row.start)
    uploadBytes = row.billedUpload
    downloadBytes = row.billedDownload
  }
}

extension Helium_Telecom_V1_SetAsideTraffic {
  init(_ row: TrafficSetAside.List.Row) {
    self.init()
    id = row.id.description
    createTime = Google_Protobuf_Timestamp(row.createdAt)
    serverID = row.nodeID
    nodeUserID = row.nodeUserID
    uploadBytes = row.upload
    downloadBytes = row.download
    reason = Helium_Telecom_V1_SetAsideReason(row.reason)
    entry = row.entry
  }
}

extension Helium_Telecom_V1_GetTrafficHealthResponse {
  init(_ health: TrafficHealth) {
    self.init()
    waitingReports = health.waiting.reports
    waitingRows = health.waiting.rows
    if let oldest = health.waiting.oldest { oldestReportTime = Google_Protobuf_Timestamp(oldest) }
    lagSeconds = health.lag / .seconds(1)
    ledgerRows = health.ledgerRows
    setAside = health.setAside.map { row in
      .with {
        $0.reason = Helium_Telecom_V1_SetAsideReason(row.reason)
        $0.rows = row.rows
      }
    }
  }
}

extension Helium_Telecom_V1_RuleHit {
  init(_ row: RuleHits.List.Row) {
    self.init()
    serverID = row.nodeID
    ruleID = row.ruleID
    subscriptionID = row.subscriptionID.description
    accountID = row.accountID.description
    nodeUserID = row.nodeUserID
    hitCount = row.hits
    firstHitTime = Google_Protobuf_Timestamp(row.firstHitAt)
    lastHitTime = Google_Protobuf_Timestamp(row.lastHitAt)
  }
}

extension Helium_Telecom_V1_SetAsideReason {
  init(_ reason: TrafficSetAside.Reason) {
    switch reason {
    case .unknownUser: self = .unknownUser
    case .notEligible: self = .notEligible
    case .absurd: self = .absurd
    case .nothingActive: self = .nothingActive
    case .malformed: self = .malformed
    case .duplicate: self = .duplicate
    }
  }
}
