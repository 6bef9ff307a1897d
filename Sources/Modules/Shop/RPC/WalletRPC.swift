import GRPCCore
import Platform
import RPCEdge
import ShopProtos
import SwiftProtobuf
import WireValues

extension FindWallet: RPC {
  static let method = Helium_Shop_V1_WalletService.Method.GetWallet.descriptor

  init(_ request: Helium_Shop_V1_GetWalletRequest, by customer: Customer) throws {
    self.init(account: customer.id)
  }

  static func response(_ wallet: Wallet?) -> Helium_Shop_V1_GetWalletResponse {
    .with { $0.wallet = .init(wallet) }
  }
}

extension ListWalletEntries: RPC {
  static let method = Helium_Shop_V1_WalletService.Method.ListWalletEntries.descriptor

  init(_ request: Helium_Shop_V1_ListWalletEntriesRequest, by customer: Customer) throws {
    self.init(
      account: customer.id,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ entries: Page<WalletEntry>) -> Helium_Shop_V1_ListWalletEntriesResponse {
    .with {
      $0.entries = entries.items.map(Helium_Shop_V1_WalletEntry.init)
      $0.nextPageToken = entries.nextToken
    }
  }
}

extension DepositToWallet: RPC {
  static let method = Helium_Shop_V1_WalletAdminService.Method.DepositToWallet.descriptor

  init(_ request: Helium_Shop_V1_DepositToWalletRequest, by _: Admin) throws {
    try self.init(
      account: Account.ID(request.accountID, field: "account_id"),
      amount: Money(request.amount, field: "amount"),
      reason: request.reason
    )
  }

  static func response(_ balance: Money) -> Helium_Shop_V1_DepositToWalletResponse {
    .with { $0.balance = .init(balance) }
  }
}

extension InspectWallet: RPC {
  static let method = Helium_Shop_V1_WalletAdminService.Method.InspectWallet.descriptor

  init(_ request: Helium_Shop_V1_InspectWalletRequest, by _: Admin) throws {
    self.init(account: try Account.ID(request.accountID, field: "account_id"))
  }

  static func response(_ wallet: Wallet?) -> Helium_Shop_V1_InspectWalletResponse {
    .with { $0.wallet = .init(wallet) }
  }
}

extension ListAccountWalletEntries: RPC {
  static let method = Helium_Shop_V1_WalletAdminService.Method.ListAccountWalletEntries.descriptor

  init(_ request: Helium_Shop_V1_ListAccountWalletEntriesRequest, by _: Admin) throws {
    self.init(
      account: try Account.ID(request.accountID, field: "account_id"),
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ entries: Page<WalletEntry>)
    -> Helium_Shop_V1_ListAccountWalletEntriesResponse
  {
    .with {
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
