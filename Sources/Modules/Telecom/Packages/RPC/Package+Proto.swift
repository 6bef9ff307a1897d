import Platform
import SwiftProtobuf
import TelecomProtos
import WireValues

extension Package.Spec {
  init(_ message: Helium_Telecom_V1_PackageSpec) throws {
    try self.init(
      name: message.name,
      quotaBytes: message.quotaBytes,
      durationSeconds: message.durationSeconds,
      resetRule: ResetRule(message.resetRule),
      deviceLimit: message.hasDeviceLimit ? message.deviceLimit : nil,
      hwidLimit: message.hasHwidLimit ? message.hwidLimit : nil,
      speedLimit: message.hasSpeedLimitMbps ? message.speedLimitMbps : nil,
      group: NodeGroup.ID(message.groupID, field: "group_id")
    )
  }
}

extension Helium_Telecom_V1_PackageSpec {
  init(_ spec: Package.Spec) {
    self.init()
    name = spec.name
    quotaBytes = spec.quotaBytes
    durationSeconds = spec.durationSeconds
    resetRule = Helium_Telecom_V1_ResetRule(spec.resetRule)
    if let limit = spec.deviceLimit { deviceLimit = limit }
    if let limit = spec.hwidLimit { hwidLimit = limit }
    if let limit = spec.speedLimit { speedLimitMbps = limit }
    groupID = spec.group.description
  }
}

extension Helium_Telecom_V1_Package {
  init(_ package: Package) {
    self.init()
    id = package.id.description
    seriesID = package.series.description
    version = package.version
    isMaster = package.isMaster
    spec = Helium_Telecom_V1_PackageSpec(package.spec)
    createTime = Google_Protobuf_Timestamp(package.createdAt)
  }
}

extension ResetRule {
  /// Throws for a rule that this version doesn't know.
  init(_ message: Helium_Telecom_V1_ResetRule) throws(InvalidInput) {
    switch message {
    case .unspecified: self = .none
    case .monthly: self = .monthly
    case .calendarMonth: self = .calendarMonth
    case .UNRECOGNIZED: throw InvalidInput("reset_rule", "is not a known rule")
    }
  }
}

extension Helium_Telecom_V1_ResetRule {
  init(_ rule: ResetRule) {
    switch rule {
    case .none: self = .unspecified
    case .monthly: self = .monthly
    case .calendarMonth: self = .calendarMonth
    }
  }
}
