package import SubscriptionFormats

/// A user as node agents know it.
package struct NodeUser: Sendable, Hashable {
  /// Names the user in reports. Never 0: v2node loses its traffic.
  package let id: Int64
  package let credential: Credential
  /// Mbit/s, or 0 for no limit.
  package let speedLimit: Int
  /// How many IP addresses at once, or 0 for no limit.
  package let deviceLimit: Int

  /// Ids below are placeholders of empty user lists.
  package static let firstID: Int32 = 1_001

  package init(id: Int64, credential: Credential, speedLimit: Int, deviceLimit: Int) {
    self.id = id
    self.credential = credential
    self.speedLimit = speedLimit
    self.deviceLimit = deviceLimit
  }
}
