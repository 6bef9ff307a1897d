import Platform

/// Writes what happened to queues, and publishes it. Ends come first, since at most one package of
/// a subscription may be active.
struct StoreQueueChanges: Operation {
  let changes: QueueChanges
  let now: Instant

  func perform(in telecom: InTransaction<Telecom>) async throws {
    // Whose days and months count.
    let timeZone = telecom.settings().timeZone
    if !changes.ended.isEmpty {
      try await telecom.process(
        QueueItem.EndMany(
          endedAt: now,
          ids: changes.ended.map(\.id),
          statuses: changes.ended.map(\.status),
          endReasons: changes.ended.compactMap { $0.end?.reason }
        )
      )
    }
    if !changes.activated.isEmpty {
      try await telecom.process(
        QueueItem.Activate(
          activatedAt: now,
          timeZone: timeZone,
          ids: changes.activated.map(\.id),
          expiries: changes.activated.compactMap(\.expiresAt)
        )
      )
    }
    if !changes.reset.isEmpty {
      try await telecom.process(
        QueueItem.Reset(now: now, timeZone: timeZone, ids: changes.reset.map(\.id))
      )
    }
    if !changes.marked.isEmpty {
      try await telecom.process(
        QueueItem.MarkExhausted(
          now: now,
          ids: changes.marked.map(\.id),
          exhausted: changes.marked.map { $0.exhaustedAt != nil }
        )
      )
    }
    if !changes.events.isEmpty { try await telecom.publish(changes.events) }
  }
}
