import GRPCCore
import Platform
import ShopProtos
import SwiftProtobuf
import WireValues

/// Serves `helium.shop.v1.WalletService`.
struct WalletRPC: Helium_Shop_V1_WalletService.SimpleServiceProtocol {
  let shop: Shop

  func getWallet(request: Helium_Shop_V1_GetWalletRequest, context: ServerContext) async throws
    -> Helium_Shop_V1_GetWalletResponse
  {
    let wallet = try await shop.process(FindWallet(account: Caller.account().id))
    return .with { $0.wallet = .init(wallet) }
  }

  func listWalletEntries(
    request: Helium_Shop_V1_ListWalletEntriesRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_ListWalletEntriesResponse {
    let page = try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    let entries = try await shop.process(
      ListWalletEntries(account: Caller.account().id, page: page)
    )
    return .with {
      $0.entries = entries.items.map(Helium_Shop_V1_WalletEntry.init)
      $0.nextPageToken = entries.nextToken
    }
  }
}

/// Serves `helium.shop.v1.WalletAdminService`.
struct WalletAdminRPC: Helium_Shop_V1_WalletAdminService.SimpleServiceProtocol {
  let shop: Shop

  func depositToWallet(
    request: Helium_Shop_V1_DepositToWalletRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_DepositToWalletResponse {
    let deposit = try DepositToWallet(
      account: Account.ID(request.accountID, field: "account_id"),
      amount: Money(request.amount, field: "amount"),
      reason: request.reason
    )
    let balance = try await shop.process(deposit, as: Caller.admin())
    return .with { $0.balance = .init(balance) }
  }

  func inspectWallet(
    request: Helium_Shop_V1_InspectWalletRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_InspectWalletResponse {
    let wallet = try await shop.process(
      InspectWallet(account: Account.ID(request.accountID, field: "account_id")),
      as: Caller.admin()
    )
    return .with { $0.wallet = .init(wallet) }
  }

  func listAccountWalletEntries(
    request: Helium_Shop_V1_ListAccountWalletEntriesRequest,
    context: ServerContext
  ) async throws -> Helium_Shop_V1_ListAccountWalletEntriesResponse {
    let list = ListWalletEntriesAsAdmin(
      account: try Account.ID(request.accountID, field: "account_id"),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
    let entries = try await shop.process(list, as: Caller.admin())
    return .with {
      $0.entries = entries.items.map(Helium_Shop_V1_WalletEntry.init)
      $0.nextPageToken = entries.nextToken
    }
  }
}

extension Helium_Shop_V1_Wallet {
  init(_ wallet: Wallet?) {
    self.init()
    if let wallet {
      available = .init(wallet.available)
      frozen = .init(wallet.frozen)
    }
  }
}

extension Helium_Shop_V1_WalletEntry {
  init(_ entry: WalletEntry) {
    self.init()
    id = entry.id.description
    amount = .init(entry.amount)
    kind =
      switch entry.kind {
      case .deposit: .deposit
      case .giftCard: .giftCard
      case .orderPayment: .orderPayment
      case .refund: .refund
      case .withdrawal: .withdrawal
      }
    reason = entry.reason
    createTime = .init(entry.createdAt)
  }
}
