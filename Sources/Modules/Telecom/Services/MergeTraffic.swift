import Contracts
import Platform

/// Applies the oldest waiting reports, in one transaction with marking them as applied; how many reports it were.
///
/// Exactly once by construction: totals, hours and marks commit together, and a report that another merge holds is left to it.
struct MergeTraffic: Operation {
  /// Together these bound how long subscriptions stay locked, to some tens of milliseconds. A larger report is taken alone.
  static let mostReports: Int32 = 64
  static let mostUsers: Int64 = 5_000

  func perform(in telecom: Telecom) async throws -> Int {
    try await telecom.transaction { telecom, transaction in
      let rows = try await transaction.process(LockWaitingReports(mostReports: Self.mostReports, mostUsers: Self.mostUsers))
      guard let oldest = rows.map(\.lastSeenAt).min() else { return 0 }
      let grace = Duration.seconds(telecom.settings().eligibilityGraceSeconds)
      let users = Set(rows.flatMap(\.users)).sorted()
      let subscriptions = try await transaction.process(LockReportedSubscriptions(nodeUserIds: users))
      let items = try await transaction.process(
        BillableItems(subscriptionIds: subscriptions.map(\.id), endedSince: oldest - grace))
      let servers = try await transaction.process(
        SelectServersOfGroups(groupIds: Array(Set(items.map(\.groupId))), removedSince: oldest - grace))

      var merge = TrafficMerge(
        subscriptions: Dictionary(uniqueKeysWithValues: subscriptions.map { ($0.nodeUserId, $0.id) }),
        items: Dictionary(grouping: items, by: \.subscriptionId).mapValues { $0.map(TrafficMerge.Item.init) },
        servers: Dictionary(grouping: servers.filter { $0.removedAt == nil }, by: \.groupId).mapValues { Set($0.map(\.serverId)) },
        pastServers: Dictionary(grouping: servers, by: \.groupId).mapValues { servers in
          Dictionary(servers.compactMap { server in server.removedAt.map { (server.serverId, $0) } }) { max($0, $1) }
        }, grace: grace)
      for row in rows { merge.add(TrafficMerge.Report(row)) }

      let now = telecom.clock.now
      try await transaction.store(merge, at: now, ids: telecom.ids)
      try await transaction.process(MarkReportsApplied(reportIds: rows.map(\.id)))
      // Most packages go on as they were: only the others' queues are looked at.
      let moving = Set(items.filter { $0.moves(with: merge.totals[$0.id], at: now) }.map(\.subscriptionId))
      let held = subscriptions.filter { moving.contains($0.id) }.map { HeldSubscription(id: $0.id, account: $0.accountId) }
      try await transaction.bump(
        try await transaction.process(AdvanceQueues(subscriptions: held, now: now, timeZone: telecom.settings().timeZone)))
      return rows.count
    }
  }
}

extension Transaction {
  fileprivate func store(_ merge: TrafficMerge, at now: Instant, ids: IdentifierSource) async throws {
    if !merge.totals.isEmpty {
      let totals = Array(merge.totals)
      try await process(
        SetItemUsage(itemIds: totals.map(\.key), uploads: totals.map(\.value.upload), downloads: totals.map(\.value.download)))
    }
    if !merge.hours.isEmpty {
      let hours = Array(merge.hours)
      try await process(
        AppendUsage(
          hours: hours.map(\.key.start), subscriptionIds: hours.map(\.key.subscription), nodeIds: hours.map(\.key.node),
          rawUploads: hours.map(\.value.rawUpload), rawDownloads: hours.map(\.value.rawDownload),
          billedUploads: hours.map(\.value.billedUpload), billedDownloads: hours.map(\.value.billedDownload)))
    }
    if !merge.setAside.isEmpty {
      let rows = merge.setAside
      try await process(
        InsertTrafficSetAside(
          createdAt: now, ids: rows.map { _ in ids.next() }, reportIds: rows.map(\.report), nodeIds: rows.map(\.node),
          nodeUserIds: rows.map(\.entry.user), uploads: rows.map(\.entry.upload), downloads: rows.map(\.entry.download),
          reasons: rows.map(\.reason)))
    }
  }
}

extension BillableItems.Row {
  /// Whether a package in use is over, starts its traffic anew, or has run out of it, at what a merge brought it to.
  fileprivate func moves(with total: TrafficMerge.Total?, at now: Instant) -> Bool {
    guard status == .active else { return false }
    if expiresAt.map({ $0 <= now }) ?? false || resetsAt.map({ $0 <= now }) ?? false { return true }
    let used = total.map { $0.upload + $0.download } ?? upload + download
    return exhaustedAt == nil && used >= max(0, quotaBytes + adjustQuota)
  }
}

extension TrafficMerge.Item {
  fileprivate init(_ row: BillableItems.Row) {
    self.init(
      id: row.id, group: row.groupId, activatedAt: row.activatedAt, endedAt: row.status == .active ? nil : row.endedAt, upload: row.upload,
      download: row.download)
  }
}

extension TrafficMerge.Report {
  fileprivate init(_ row: LockWaitingReports.Row) {
    self.init(
      id: row.id, node: row.nodeId,
      entries: row.users.indices.map {
        TrafficReport.Entry(user: row.users[$0], upload: row.uploads[$0], download: row.downloads[$0])
      },
      factorThousandths: row.factorThousandths, copies: Int(row.accepted - row.applied), receivedAt: row.lastSeenAt)
  }
}
