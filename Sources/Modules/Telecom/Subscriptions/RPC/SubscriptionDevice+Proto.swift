import Platform
import SwiftProtobuf
import TelecomProtos
import WireValues

extension Helium_Telecom_V1_SubscriptionDevice {
  init(_ row: SubscriptionDevice.List.Row) {
    self.init()
    hwid = row.hwid
    platform = row.platform
    osVersion = row.osVersion
    model = row.model
    userAgent = row.userAgent
    firstSeenTime = Google_Protobuf_Timestamp(row.firstSeenAt)
    lastSeenTime = Google_Protobuf_Timestamp(row.lastSeenAt)
  }
}

extension Helium_Telecom_V1_SubscriptionFetchDay {
  init(_ row: SubscriptionFetch.ListDays.Row) {
    self.init()
    date = row.day
    fetchCount = row.fetches
    addresses = row.addresses
  }
}
