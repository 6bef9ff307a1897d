import Contracts
import FoundationEssentials
import Platform
import Testing
import WorldKit

@testable import Telecom

@Suite struct QueueItemTests {
  private static let noon = World.noon

  private static func item(quota: Int64 = 100, upload: Int64 = 0, download: Int64 = 0) -> QueueItem
  {
    QueueItem(
      waiting: .first,
      subscription: .first,
      group: .first,
      packageQuota: quota,
      duration: .seconds(60),
      upload: upload,
      download: download
    )
  }

  private static func active(quota: Int64 = 100, upload: Int64 = 0, download: Int64 = 0) throws
    -> QueueItem
  {
    var item = item(quota: quota, upload: upload, download: download)
    try item.activate(at: noon)
    return item
  }

  @Test func `its time begins with its activation`() throws {
    let item = try Self.active()
    #expect(item.status == .active)
    #expect(item.activatedAt == Self.noon)
    #expect(item.expiresAt == Self.noon + .seconds(60))
  }

  @Test func `it can't be activated twice`() throws {
    var item = try Self.active()
    #expect(throws: QueueItem.ChangeError.packageNotWaiting) { try item.activate(at: Self.noon) }
  }

  @Test func `it lasts until the microsecond before its end`() throws {
    var item = try Self.active()
    #expect(item.consume(at: Self.noon + .seconds(60) - .microseconds(1)) == nil)
    #expect(item.status == .active)
    #expect(item.consume(at: Self.noon + .seconds(60)) == .expired)
    #expect(item.status == .consumed)
    #expect(item.end == QueueItem.End(reason: .expired, date: Self.noon + .seconds(60)))
  }

  @Test(
    arguments: [(99 as Int64, nil), (100, .exhausted), (101, .exhausted)]
      as [(Int64, QueueItem.EndReason?)]
  )
  func `it ends with its last byte`(used: Int64, reason: QueueItem.EndReason?) throws {
    #expect(try Self.active(upload: 40, download: used - 40).reasonToEnd(at: Self.noon) == reason)
  }

  @Test func `an item that waits is never over`() {
    #expect(Self.item(quota: 1, upload: 5).reasonToEnd(at: Self.noon + .seconds(1_000)) == nil)
  }

  @Test func `taking more than is left ends an active item`() throws {
    var item = try Self.active(quota: 100, download: 50)
    try item.adjustQuota(by: -49)
    #expect(item.reasonToEnd(at: Self.noon) == nil)
    try item.adjustQuota(by: -1)
    #expect(item.reasonToEnd(at: Self.noon) == .exhausted)
    try item.adjustQuota(by: -1_000)
    #expect(item.quota.total == 0)
  }

  @Test func `a waiting item keeps at least one byte`() throws {
    var item = Self.item(quota: 100)
    try item.adjustQuota(by: -99)
    #expect(throws: QueueItem.ChangeError.quotaUsedUp) { try item.adjustQuota(by: -1) }
    #expect(item.quota.total == 1)
  }

  @Test func `a quota can't be adjusted beyond what sums can hold`() throws {
    var item = try Self.active()
    #expect(throws: QueueItem.ChangeError.quotaTooLarge) { try item.adjustQuota(by: .max) }
    try item.adjustQuota(by: Package.Spec.largestQuota)
    #expect(throws: QueueItem.ChangeError.quotaTooLarge) { try item.adjustQuota(by: 1) }
  }

  @Test func `an active item can be extended until it expires`() throws {
    var item = try Self.active()
    try item.extend(bySeconds: 30, at: Self.noon + .seconds(59))
    #expect(item.expiresAt == Self.noon + .seconds(90))
    #expect(throws: QueueItem.ChangeError.packageNotActive) {
      try item.extend(bySeconds: 30, at: Self.noon + .seconds(90))
    }
    var waiting = Self.item()
    #expect(throws: QueueItem.ChangeError.packageNotActive) {
      try waiting.extend(bySeconds: 30, at: Self.noon)
    }
  }

  @Test func `what has ended can't be changed`() throws {
    var item = try Self.active()
    try item.cancel(at: Self.noon)
    #expect(item.end?.reason == .cancelled)
    #expect(throws: QueueItem.ChangeError.packageHasEnded) { try item.cancel(at: Self.noon) }
    #expect(throws: QueueItem.ChangeError.packageHasEnded) { try item.adjustQuota(by: 1) }
    #expect(throws: QueueItem.ChangeError.packageNotActive) {
      try item.extend(bySeconds: 1, at: Self.noon)
    }
    #expect(item.consume(at: Self.noon + .seconds(100)) == nil)
  }
}

@Suite struct PackageQueueTests {
  private static let noon = World.noon

  private static func item(_ number: UInt8) -> QueueItem {
    QueueItem(
      waiting: Identifier(UUID(bytes: [UInt8](repeating: number, count: 16))),
      subscription: .first,
      group: .first,
      packageQuota: 100,
      duration: .seconds(60)
    )
  }

  @Test func `nothing starts while a package lasts`() {
    var queue = PackageQueue(active: nil, next: Self.item(1))
    #expect(queue.advance(at: Self.noon).count == 1)
    queue = PackageQueue(active: queue.active, next: Self.item(2))
    #expect(queue.advance(at: Self.noon + .seconds(59)) == [])
    #expect(queue.active?.id == Self.item(1).id)
  }

  @Test func `the next starts at the moment in which the last one's end is noticed`() {
    var queue = PackageQueue(active: nil, next: Self.item(1))
    _ = queue.advance(at: Self.noon)
    queue = PackageQueue(active: queue.active, next: Self.item(2))
    let late = Self.noon + .seconds(3_600)
    let changes = queue.advance(at: late)
    #expect(changes.count == 2)
    #expect(queue.active?.id == Self.item(2).id)
    #expect(queue.active?.expiresAt == late + .seconds(60))
    #expect(queue.next == nil)
  }

  @Test func `an empty queue does nothing`() {
    var queue = PackageQueue(active: nil, next: nil)
    #expect(queue.advance(at: Self.noon) == [])
  }
}
