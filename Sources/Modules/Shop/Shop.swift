package import Contracts
package import Crypto
package import GRPCCore
package import Platform

/// Sells packages: catalogue, orders, payment from wallets, gift cards.
///
/// Locks are taken in this order: order, product, wallet. (A new order's row is contended by
/// nobody.)
package struct Shop: AdministeredModule {
  package var database: DatabaseProcessor
  package let gate: AdminGate
  let clock: WallClock
  let ids: IdentifierSource
  let packages: any PackageCatalog
  let accounts: any AccountDirectory
  let settings: Settings<ShopSettings>
  /// Gift card codes are found by their HMAC under this key, so that a leaked database holds no
  /// codes.
  let codeKey: SymmetricKey

  package init(
    database: DatabaseProcessor,
    gate: AdminGate,
    clock: WallClock,
    ids: IdentifierSource,
    packages: any PackageCatalog,
    accounts: any AccountDirectory,
    settings: Settings<ShopSettings>,
    codeKey: SymmetricKey
  ) {
    self.database = database
    self.gate = gate
    self.clock = clock
    self.ids = ids
    self.packages = packages
    self.accounts = accounts
    self.settings = settings
    self.codeKey = codeKey
  }

  /// `helium.shop.v1`.
  package var services: [any RegistrableRPCService] {
    [
      ProductRPC(shop: self), OrderRPC(shop: self), WalletRPC(shop: self), GiftCardRPC(shop: self),
      ProductAdminRPC(shop: self),
      OrderAdminRPC(shop: self), WalletAdminRPC(shop: self), GiftCardAdminRPC(shop: self),
    ]
  }

  package var hooks: [Hook] {
    [Hook(MarkDelivered(), named: "shop.mark_delivered", in: self)]
  }

  package var cronEntries: [CronEntry] {
    [CronEntry(CancelOverdueOrders(), in: self)]
  }

  package static let adminOperations: [any AdminOperation.Type] = [
    CreateProduct.self, UpdateProduct.self, ChangeProductStock.self, ListAllProducts.self,
    ListAllOrders.self, InspectOrder.self,
    CancelOrderAsAdmin.self, CreateGiftCards.self, ListGiftCards.self, DepositToWallet.self,
    InspectWallet.self,
    ListWalletEntriesAsAdmin.self,
  ]
}
