import AgentProtocols
import Contracts
import Platform

/// Bills the oldest waiting reports and marks them as applied, in one transaction. Returns how many
/// reports there were.
///
/// Each report is billed exactly once: totals, hours and marks commit together, and reports that
/// another worker has locked are skipped.
struct BillReports: Operation {
  /// Limits the users of a batch, so that their subscriptions stay locked for only some tens of
  /// milliseconds. A larger report is billed alone.
  static let maxUsers = 5_000
  /// Reports that name the same users, those of several nodes or of the minutes that a consumer was
  /// away, are billed together: that is one change for each user. These bound what is read for it,
  /// to half a megabyte.
  static let maxReports: Int32 = 64
  static let maxEntries: Int64 = 20_000

  func perform(in telecom: Telecom) async throws -> Int {
    let start = ContinuousClock.now
    guard let billed = try await telecom.transaction(bill) else { return 0 }
    billed.record(start.duration(to: .now))
    return billed.reports
  }

  /// Nil: no report waits.
  private func bill(in telecom: InTransaction<Telecom>) async throws -> Billed? {
    let waiting = try await telecom.process(
      TrafficReport.LockWaiting(maxReports: Self.maxReports, maxEntries: Self.maxEntries)
    )
    let rows = Array(
      waiting.prefix(UsageTally.countOfReports(waiting.map(\.users), maxUsers: Self.maxUsers))
    )
    guard let oldest = rows.map(\.countedAt).min() else { return nil }
    let grace = Duration.seconds(telecom.settings().eligibilityGraceSeconds)
    let users = Set(rows.flatMap(\.users)).sorted()
    let subscriptions = try await telecom.process(Subscription.LockReported(nodeUserIDs: users))
    let billable = QueueItem.ListBillable(
      subscriptionIDs: subscriptions.map(\.id),
      endedSince: oldest - grace
    )
    var items = try await telecom.process(billable)
    let now = telecom.clock.now
    var groups: Set<NodeGroup.ID> = []
    func advance(_ moving: Set<Subscription.ID>) async throws {
      guard !moving.isEmpty else { return }
      let held = subscriptions.filter { moving.contains($0.id) }.map {
        HeldSubscription(id: $0.id, account: $0.accountID)
      }
      groups.formUnion(try await telecom.process(AdvanceQueues(subscriptions: held, now: now)))
    }
    // A period that is due begins first, so that its traffic counts for it.
    let due = Set(items.filter { $0.isDueToReset(at: now) }.map(\.subscriptionID))
    if !due.isEmpty {
      try await advance(due)
      items = try await telecom.process(billable)
    }
    let servers = try await telecom.process(
      NodeGroup.ListServers(
        groupIDs: Array(Set(items.map(\.groupID))),
        removedSince: oldest - grace
      )
    )

    var tally = UsageTally(
      subscriptions: Dictionary(uniqueKeysWithValues: subscriptions.map { ($0.nodeUserID, $0.id) }),
      items: Dictionary(grouping: items, by: \.subscriptionID).mapValues {
        $0.map(UsageTally.Item.init)
      },
      servers: Dictionary(grouping: servers.filter { $0.removedAt == nil }, by: \.groupID)
        .mapValues { Set($0.map(\.serverID)) },
      pastServers: Dictionary(grouping: servers, by: \.groupID).mapValues { servers in
        Dictionary(
          servers.compactMap { server in server.removedAt.map { (server.serverID, $0) } }
        ) { max($0, $1) }
      },
      grace: grace
    )
    for row in rows { tally.add(UsageTally.Report(row)) }

    try await telecom.store(tally, at: now)
    try await telecom.process(TrafficReport.MarkApplied(reportIDs: rows.map(\.id)))
    // Most packages go on as they were: only the others' queues are looked at.
    try await advance(
      Set(items.filter { $0.moves(with: tally.totals[$0.id], at: now) }.map(\.subscriptionID))
    )
    try await telecom.bump(groups)
    return Billed(
      reports: rows.count,
      rows: rows.reduce(0) { $0 + $1.users.count },
      setAside: tally.setAside.reduce(into: [:]) { $0[$1.reason, default: 0] += 1 }
    )
  }

  /// What one run came to, for metrics.
  private struct Billed: Sendable {
    let reports: Int
    let rows: Int
    let setAside: [TrafficSetAside.Reason: Int]

    func record(_ duration: Duration) {
      Telemetry.record(duration, as: "helium_traffic_merge_duration_seconds", [])
      Telemetry.record(rows, as: "helium_traffic_merge_rows")
      Telemetry.count(reports, as: "helium_traffic_merged_reports")
      Telemetry.count(rows, as: "helium_traffic_merged_rows")
      setAside.record()
    }
  }
}

extension InTransaction<Telecom> {
  fileprivate func store(_ tally: UsageTally, at now: Instant) async throws {
    if !tally.totals.isEmpty {
      // In the order of their creation, which is mostly that of their places on disk.
      let totals = tally.totals.sorted { $0.key.uuid < $1.key.uuid }
      try await process(
        QueueItem.SetUsage(
          itemIDs: totals.map(\.key),
          uploads: totals.map(\.value.upload),
          downloads: totals.map(\.value.download)
        )
      )
    }
    if !tally.hours.isEmpty {
      let hours = Array(tally.hours)
      try await process(
        UsageLedger.Append(
          hours: hours.map(\.key.start),
          subscriptionIDs: hours.map(\.key.subscription),
          nodeIDs: hours.map(\.key.node),
          rawUploads: hours.map(\.value.rawUpload),
          rawDownloads: hours.map(\.value.rawDownload),
          billedUploads: hours.map(\.value.billedUpload),
          billedDownloads: hours.map(\.value.billedDownload)
        )
      )
    }
    if !tally.setAside.isEmpty {
      let rows = tally.setAside
      try await process(
        TrafficSetAside.InsertMany(
          createdAt: now,
          ids: rows.map { _ in module.ids.next() },
          reportIDs: rows.map(\.report),
          nodeIDs: rows.map(\.node),
          nodeUserIDs: rows.map(\.entry.user),
          uploads: rows.map(\.entry.upload),
          downloads: rows.map(\.entry.download),
          reasons: rows.map(\.reason)
        )
      )
    }
  }
}

extension QueueItem.ListBillable.Row {
  /// What counts of a package in use, at what a batch brought it to; nil: it isn't in use.
  private func quota(with total: UsageTally.Total? = nil) -> ActiveQuota? {
    guard status == .active, let expiresAt else { return nil }
    return ActiveQuota(
      bytes: Quota(
        bought: quotaBytes,
        adjustment: adjustQuota,
        used: total.map { $0.upload + $0.download } ?? upload + download
      ),
      expiresAt: expiresAt,
      resetsAt: resetsAt,
      exhaustedAt: exhaustedAt
    )
  }

  fileprivate func isDueToReset(at now: Instant) -> Bool {
    quota()?.isDueToReset(at: now) ?? false
  }

  /// Whether a package in use is over, resets its traffic, or has run out of it, at what a batch
  /// brought it to.
  fileprivate func moves(with total: UsageTally.Total?, at now: Instant) -> Bool {
    quota(with: total)?.isDue(at: now) ?? false
  }
}

extension UsageTally.Item {
  fileprivate init(_ row: QueueItem.ListBillable.Row) {
    self.init(
      id: row.id,
      group: row.groupID,
      activatedAt: row.activatedAt,
      endedAt: row.status == .active ? nil : row.endedAt,
      periodBeganAt: row.periodBeganAt,
      upload: row.upload,
      download: row.download
    )
  }
}

extension UsageTally.Report {
  fileprivate init(_ row: TrafficReport.LockWaiting.Row) {
    self.init(
      id: row.id,
      node: row.nodeID,
      entries: row.users.indices.map {
        TrafficReport.Entry(
          user: row.users[$0],
          upload: row.uploads[$0],
          download: row.downloads[$0]
        )
      },
      factorThousandths: row.factorThousandths,
      copies: Int(row.accepted - row.applied),
      receivedAt: row.countedAt
    )
  }
}
