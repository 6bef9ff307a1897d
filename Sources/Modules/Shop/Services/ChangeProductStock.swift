import Contracts
import Platform

/// Changes how many pieces of a product are left.
struct ChangeProductStock: AdminOperation {
  static let permission = Permission("shop.product.change_stock", .moderators)
  static let repeats = Repeats.firstAnswer

  let id: Product.ID
  let change: Change

  enum Change: Hashable, Sendable {
    /// Adds pieces or takes some away, in addition to what orders take and give back at the same
    /// time.
    case add(Int32)
    case set(Int32)
    case unlimited
  }

  init(id: Product.ID, change: Change) throws(InvalidInput) {
    switch change {
    case .set(let pieces) where pieces < 0: throw InvalidInput("set", "must not be negative")
    case .add(0): throw InvalidInput("add", "must not be zero")
    case .set, .add, .unlimited: break
    }
    self.id = id
    self.change = change
  }

  var target: AuditTarget { AuditTarget("product", id.description) }
  var detail: String { "\(change)" }

  func perform(in shop: InTransaction<Shop>, as admin: Authorized<Self>) async throws -> Product {
    let before = try await shop.module.product(id)
    guard try await apply(in: shop) == 1 else {
      throw before.terms.stock == nil ? StockError.unlimited : .outOfRange
    }
    return try await shop.module.product(id)
  }

  private func apply(in shop: InTransaction<Shop>) async throws -> Int {
    let now = shop.clock.now
    switch change {
    case .add(let pieces):
      return try await shop.process(Product.AddToStock(pieces: pieces, updatedAt: now, id: id))
    case .set(let pieces):
      return try await shop.process(Product.SetStock(stock: pieces, updatedAt: now, id: id))
    case .unlimited:
      return try await shop.process(Product.SetStock(stock: nil, updatedAt: now, id: id))
    }
  }

  /// Why pieces could not be added or taken away.
  enum StockError: String, DomainError {
    case unlimited
    /// Less than nothing would be left, or more than can be counted.
    case outOfRange

    var kind: FailureKind { .failedPrecondition }
    var reason: String { "STOCK_\(rawValue.upperSnakeCase)" }
  }
}
