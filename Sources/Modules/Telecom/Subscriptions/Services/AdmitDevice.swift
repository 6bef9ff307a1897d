import Contracts
import Platform
import SubscriptionFormats

/// Whether a device may fetch a link. A new one is added to the subscription's as long as there are
/// fewer than its limit.
///
/// Devices are added under the subscription's lock, so that two of them can't both get the last
/// place. A device that hasn't been seen for the time in the settings loses its place.
struct AdmitDevice: Operation {
  let subscription: Subscription.ID
  let limit: Int32
  /// Nil: the client doesn't say what it is.
  let device: SubscriptionDevice?

  func perform(in telecom: Telecom) async throws -> DeviceAdmission {
    guard let device else { return .refused(.noHWID) }
    let now = telecom.clock.now
    let measure = SubscriptionDevice.Measure(
      hwid: device.hwid,
      subscriptionID: subscription,
      seenSince: telecom.devicesKept(at: now)
    )
    let known = try await telecom.process(measure)
    if let lastSeen = known.lastSeenAt {
      if now - lastSeen >= SubscriptionDevice.noteInterval {
        _ = try await telecom.process(SubscriptionDevice.Touch(device, of: subscription, at: now))
      }
      return .admitted
    }
    guard known.devices < limit else { return .refused(.tooManyDevices) }
    return try await telecom.transaction { locked in
      guard try await locked.process(Subscription.Lock(id: subscription)) != nil else {
        throw NotFound("subscription")
      }
      let now = locked.clock.now
      try await locked.process(
        SubscriptionDevice.ForgetLapsed(
          subscriptionID: subscription,
          seenBefore: locked.module.devicesKept(at: now)
        )
      )
      let known = try await locked.process(measure)
      guard known.lastSeenAt != nil || known.devices < limit else {
        return .refused(.tooManyDevices)
      }
      try await locked.process(SubscriptionDevice.Keep(device, of: subscription, at: now))
      return .admitted
    }
  }
}

extension Telecom {
  /// Since when a device must have been seen to count.
  func devicesKept(at now: Instant) -> Instant { now - .seconds(86_400 * settings().hwidKeptDays) }
}

extension SubscriptionDevice.Keep {
  init(_ device: SubscriptionDevice, of subscription: Subscription.ID, at now: Instant) {
    self.init(
      subscriptionID: subscription,
      hwid: device.hwid,
      platform: device.platform,
      osVersion: device.osVersion,
      model: device.model,
      userAgent: device.userAgent,
      seenAt: now
    )
  }
}

extension SubscriptionDevice.Touch {
  init(_ device: SubscriptionDevice, of subscription: Subscription.ID, at now: Instant) {
    self.init(
      platform: device.platform,
      osVersion: device.osVersion,
      model: device.model,
      userAgent: device.userAgent,
      seenAt: now,
      subscriptionID: subscription,
      hwid: device.hwid
    )
  }
}

extension DeviceAdmission {
  /// The notice that a refused device gets instead of nodes.
  var notice: SubscriptionNotice? {
    switch self {
    case .unlimited, .admitted: nil
    case .refused(.noHWID): .deviceUnknown
    case .refused(.tooManyDevices): .tooManyDevices
    }
  }
}
