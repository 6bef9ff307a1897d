import Contracts
import Platform
import Postgres

/// One package in a subscription's queue: InQueue, then Active, then Consumed by time or traffic;
/// or Cancelled before that.
///
/// A package whose traffic resets before its end is not consumed by traffic: without any left, it
/// waits for its next period, and no node serves it until then.
struct QueueItem: Identifiable, Hashable, Sendable {
  let id: PackageQueueItem.ID
  let subscription: Subscription.ID
  /// The group whose nodes it may use.
  let group: NodeGroup.ID
  /// Bytes, as it was bought.
  let packageQuota: Int64
  let duration: Duration
  private(set) var status: Status
  private(set) var activatedAt: Instant?
  private(set) var expiresAt: Instant?
  private(set) var end: End?
  /// Billed bytes, of this period if its traffic resets.
  private(set) var upload: Int64
  private(set) var download: Int64
  /// When its traffic resets next; nil: never, or it isn't active.
  private(set) var resetsAt: Instant?
  /// Since when it has had no traffic left and waits for the reset; nil: it has some left.
  private(set) var exhaustedAt: Instant?
  /// Bytes that an operator added to the package's quota, of this period if its traffic resets; may
  /// be negative.
  private(set) var adjustQuota: Int64

  enum Status: String, PostgresCodable, PostgresArrayElement, Codable {
    case inQueue = "in_queue"
    case active, consumed, cancelled
  }

  enum EndReason: String, PostgresCodable, PostgresArrayElement, Codable {
    case expired, exhausted, cancelled
  }

  /// When an item ended, and why.
  struct End: Hashable, Sendable {
    let reason: EndReason
    let date: Instant
  }

  /// Why a queue could not be changed.
  enum ChangeError: String, DomainError {
    case packageHasEnded, packageNotActive, packageNotWaiting, packageNotExhausted, nothingWaits,
      quotaUsedUp, quotaTooLarge,
      extensionTooLong

    var kind: FailureKind {
      switch self {
      case .quotaTooLarge, .extensionTooLong: .invalidArgument
      case .packageHasEnded, .packageNotActive, .packageNotWaiting, .packageNotExhausted,
        .nothingWaits, .quotaUsedUp:
        .failedPrecondition
      }
    }
  }

  var quota: Quota {
    Quota(bought: packageQuota, adjustment: adjustQuota, used: upload + download)
  }

  /// What counts of it while it is in use; nil: it isn't.
  private var activeQuota: ActiveQuota? {
    guard status == .active, let expiresAt else { return nil }
    return ActiveQuota(
      bytes: quota,
      expiresAt: expiresAt,
      resetsAt: resetsAt,
      exhaustedAt: exhaustedAt
    )
  }

  /// Why an active item is over at that time; nil while it lasts.
  func reasonToEnd(at now: Instant) -> EndReason? { activeQuota?.reasonToEnd(at: now) }

  /// Starts a new period, if one has begun, and returns whether it did. The database computes when
  /// the next one begins.
  mutating func reset(at now: Instant) -> Bool {
    guard activeQuota?.isDueToReset(at: now) ?? false else { return false }
    upload = 0
    download = 0
    adjustQuota = 0
    resetsAt = nil
    exhaustedAt = nil
    return true
  }

  /// Marks an item as out of traffic until its next period, or no longer; whether anything changed.
  mutating func markExhaustion(at now: Instant) -> Bool {
    guard activeQuota?.isDueToBeMarked(at: now) ?? false else { return false }
    exhaustedAt = quota.isUsedUp ? now : nil
    return true
  }

  /// Starts the time of a waiting item.
  mutating func activate(at now: Instant) throws(ChangeError) {
    guard status == .inQueue else { throw .packageNotWaiting }
    status = .active
    activatedAt = now
    expiresAt = now + duration
  }

  /// Ends an active item that is over; why it did, or nil when it lasts.
  mutating func consume(at now: Instant) -> EndReason? {
    guard let reason = reasonToEnd(at: now) else { return nil }
    status = .consumed
    end = End(reason: reason, date: now)
    return reason
  }

  /// Ends an item that waits for its next period, whose remaining periods are given up.
  mutating func giveUp(at now: Instant) throws(ChangeError) {
    guard status == .active, exhaustedAt != nil else { throw .packageNotExhausted }
    status = .consumed
    end = End(reason: .exhausted, date: now)
  }

  /// Takes an item out of the queue before its end.
  mutating func cancel(at now: Instant) throws(ChangeError) {
    guard status == .inQueue || status == .active else { throw .packageHasEnded }
    status = .cancelled
    end = End(reason: .cancelled, date: now)
  }

  /// Adds bytes to the quota, or takes some away. A waiting item must keep some traffic, since
  /// without any it would end as soon as it starts. Cancel it instead.
  mutating func adjustQuota(by delta: Int64) throws(ChangeError) {
    guard status == .inQueue || status == .active else { throw .packageHasEnded }
    let (sum, overflow) = adjustQuota.addingReportingOverflow(delta)
    guard !overflow, (-Package.Spec.largestQuota...Package.Spec.largestQuota).contains(sum) else {
      throw .quotaTooLarge
    }
    guard status == .active || packageQuota + sum > 0 else { throw .quotaUsedUp }
    adjustQuota = sum
  }

  /// Moves the end of an active item to a later time.
  mutating func extend(bySeconds seconds: Int64, at now: Instant) throws(ChangeError) {
    guard status == .active, let expiresAt, expiresAt > now else { throw .packageNotActive }
    guard (1...Package.Spec.longestDuration).contains(seconds) else { throw .extensionTooLong }
    let extended = expiresAt + .seconds(seconds)
    guard extended <= now + .seconds(Package.Spec.longestDuration) else { throw .extensionTooLong }
    self.expiresAt = extended
  }
}

extension QueueItem {
  init(_ row: QueueItem.Row) {
    id = row.id
    subscription = row.subscriptionID
    group = row.groupID
    packageQuota = row.quotaBytes
    duration = .seconds(row.durationSeconds)
    status = row.status
    activatedAt = row.activatedAt
    expiresAt = row.expiresAt
    if let reason = row.endReason, let date = row.endedAt { end = End(reason: reason, date: date) }
    upload = row.upload
    download = row.download
    adjustQuota = row.adjustQuota
    resetsAt = row.resetsAt
    exhaustedAt = row.exhaustedAt
  }

  /// An item that waits.
  init(
    waiting id: PackageQueueItem.ID,
    subscription: Subscription.ID,
    group: NodeGroup.ID,
    packageQuota: Int64,
    duration: Duration,
    upload: Int64 = 0,
    download: Int64 = 0,
    resetsAt: Instant? = nil
  ) {
    self.id = id
    self.subscription = subscription
    self.group = group
    self.packageQuota = packageQuota
    self.duration = duration
    status = .inQueue
    self.upload = upload
    self.download = download
    self.resetsAt = resetsAt
    adjustQuota = 0
  }
}
