import AgentProtocols
import Contracts
import Platform

/// Applies the oldest waiting reports and marks them as applied, in one transaction. Returns how
/// many reports there were.
///
/// Each report is applied exactly once: totals, hours and marks commit together, and reports that
/// another merge has locked are skipped.
struct MergeTraffic: Operation {
  /// Limits the users of a merge, so that their subscriptions stay locked for only some tens of
  /// milliseconds. A larger report is merged alone.
  static let mostUsers = 5_000
  /// Reports that name the same users, those of several nodes or of the minutes that a consumer was
  /// away, are merged together: that is one change for each user. These bound what is read for it,
  /// to half a megabyte.
  static let mostReports: Int32 = 64
  static let mostEntries: Int64 = 20_000

  func perform(in telecom: Telecom) async throws -> Int {
    let start = ContinuousClock.now
    guard let merged = try await merge(in: telecom) else { return 0 }
    merged.record(start.duration(to: .now))
    return merged.reports
  }

  /// Nil: no report waits.
  private func merge(in telecom: Telecom) async throws -> MergedTraffic? {
    try await telecom.transaction { telecom, transaction in
      let waiting = try await transaction.process(
        TrafficReport.LockWaiting(mostReports: Self.mostReports, mostEntries: Self.mostEntries)
      )
      let rows = waiting.prefix(
        TrafficMerge.countOfReports(waiting.map(\.users), mostUsers: Self.mostUsers)
      )
      guard let oldest = rows.map(\.countedAt).min() else { return nil }
      let grace = Duration.seconds(telecom.settings().eligibilityGraceSeconds)
      let users = Set(rows.flatMap(\.users)).sorted()
      let subscriptions = try await transaction.process(
        Subscription.LockReported(nodeUserIDs: users)
      )
      let billable = QueueItem.ListBillable(
        subscriptionIDs: subscriptions.map(\.id),
        endedSince: oldest - grace
      )
      var items = try await transaction.process(billable)
      let now = telecom.clock.now
      var groups: Set<NodeGroup.ID> = []
      func advance(_ moving: Set<Subscription.ID>) async throws {
        guard !moving.isEmpty else { return }
        let held = subscriptions.filter { moving.contains($0.id) }.map {
          HeldSubscription(id: $0.id, account: $0.accountID)
        }
        let advance = AdvanceQueues(
          subscriptions: held,
          now: now,
          timeZone: telecom.settings().timeZone
        )
        groups.formUnion(try await transaction.process(advance))
      }
      // A period that is due begins first, so that its traffic counts for it.
      let due = Set(items.filter { $0.isDueToReset(at: now) }.map(\.subscriptionID))
      if !due.isEmpty {
        try await advance(due)
        items = try await transaction.process(billable)
      }
      let servers = try await transaction.process(
        NodeGroup.ListServers(
          groupIDs: Array(Set(items.map(\.groupID))),
          removedSince: oldest - grace
        )
      )

      var merge = TrafficMerge(
        subscriptions: Dictionary(
          uniqueKeysWithValues: subscriptions.map { ($0.nodeUserID, $0.id) }
        ),
        items: Dictionary(grouping: items, by: \.subscriptionID).mapValues {
          $0.map(TrafficMerge.Item.init)
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
      for row in rows { merge.add(TrafficMerge.Report(row)) }

      try await transaction.store(merge, at: now, ids: telecom.ids)
      try await transaction.process(TrafficReport.MarkApplied(reportIDs: rows.map(\.id)))
      // Most packages go on as they were: only the others' queues are looked at.
      try await advance(
        Set(items.filter { $0.moves(with: merge.totals[$0.id], at: now) }.map(\.subscriptionID))
      )
      try await transaction.bump(groups)
      return MergedTraffic(
        reports: rows.count,
        rows: rows.reduce(0) { $0 + $1.users.count },
        setAside: merge.setAside.reduce(into: [:]) { $0[$1.reason, default: 0] += 1 }
      )
    }
  }
}

extension Transaction {
  fileprivate func store(_ merge: TrafficMerge, at now: Instant, ids: IdentifierSource) async throws
  {
    if !merge.totals.isEmpty {
      // In the order of their creation, which is mostly that of their places on disk.
      let totals = merge.totals.sorted { $0.key.uuid < $1.key.uuid }
      try await process(
        QueueItem.SetUsage(
          itemIDs: totals.map(\.key),
          uploads: totals.map(\.value.upload),
          downloads: totals.map(\.value.download)
        )
      )
    }
    if !merge.hours.isEmpty {
      let hours = Array(merge.hours)
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
    if !merge.setAside.isEmpty {
      let rows = merge.setAside
      try await process(
        TrafficSetAside.InsertMany(
          createdAt: now,
          ids: rows.map { _ in ids.next() },
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
  /// What counts of a package in use, at what a merge brought it to; nil: it isn't in use.
  private func quota(with total: TrafficMerge.Total? = nil) -> ActiveQuota? {
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

  /// Whether a package in use is over, resets its traffic, or has run out of it, at what a merge
  /// brought it to.
  fileprivate func moves(with total: TrafficMerge.Total?, at now: Instant) -> Bool {
    quota(with: total)?.isDue(at: now) ?? false
  }
}

extension TrafficMerge.Item {
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

extension TrafficMerge.Report {
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
