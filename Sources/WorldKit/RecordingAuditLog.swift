package import Platform
import Synchronization

/// Keeps audit entries in memory, for modules' tests.
package final class RecordingAuditLog: AuditLog {
  private let stored = Mutex<[AuditEntry]>([])

  package init() {}

  package var entries: [AuditEntry] { stored.withLock { $0 } }

  package func record(_ entry: AuditEntry, in database: DatabaseProcessor) async throws {
    stored.withLock { $0.append(entry) }
  }
}
