package import Contracts
package import Crypto
package import Manifest
package import Platform
package import RPCEdge
import Tokens

/// Sells packages: catalogue, orders, payment from wallets, gift cards.
///
/// Locks are taken in this order: order, product, wallet. (A new order's row is contended by nobody.)
package struct Shop: HeliumModule {
  package static let name = "shop"

  package var database: DatabaseProcessor
  package let gate: CallGate
  let clock: WallClock
  let ids: IdentifierSource
  let catalog: any PackageCatalog
  let accounts: any AccountDirectory
  let settings: Settings<ShopSettings>
  /// Gift card codes are found by their HMAC under this key, so that a leaked database holds no
  /// codes.
  let codeKey: SymmetricKey

  package init(
    database: DatabaseProcessor,
    gate: CallGate,
    clock: WallClock,
    ids: IdentifierSource,
    catalog: any PackageCatalog,
    accounts: any AccountDirectory,
    settings: Settings<ShopSettings>,
    codeKey: SymmetricKey
  ) {
    self.database = database
    self.gate = gate
    self.clock = clock
    self.ids = ids
    self.catalog = catalog
    self.accounts = accounts
    self.settings = settings
    self.codeKey = codeKey
  }

  package init(_ resources: ModuleResources) throws {
    self.init(
      database: resources.database,
      gate: try resources.gate,
      clock: resources.clock,
      ids: resources.ids,
      catalog: try resources.ports.take((any PackageCatalog).self),
      accounts: try resources.ports.take((any AccountDirectory).self),
      settings: resources.settings.reader(),
      codeKey: resources.masterKey.derive(purpose: "shop.gift_card", bytes: 32)
    )
  }

  package static let settingsKind: SettingsKind? = SettingsKind(ShopSettings.self)

  /// `helium.shop.v1`.
  package static let calls: [ModuleCall<Shop>] = [
    .rpc(ListProducts.self), .rpc(FindProductOnSale.self), .rpc(CreateProduct.self),
    .rpc(UpdateProduct.self), .rpc(ChangeProductStock.self), .rpc(ListAllProducts.self),
    .rpc(CreateOrder.self), .rpc(PayOrder.self), .rpc(CancelOwnOrder.self),
    .rpc(FindOrderOfAccount.self), .rpc(ListOrders.self), .rpc(InspectOrder.self),
    .rpc(ListAllOrders.self), .rpc(CancelUnpaidOrder.self),
    .rpc(FindWallet.self), .rpc(ListWalletEntries.self), .rpc(DepositToWallet.self),
    .rpc(InspectWallet.self), .rpc(ListAccountWalletEntries.self),
    .rpc(RedeemGiftCard.self), .rpc(CreateGiftCards.self), .rpc(ListGiftCards.self),
  ]

  package var hooks: [Hook] {
    [Hook(MarkDelivered(), named: "shop.mark_delivered", in: self)]
  }

  package var accountPart: (any AccountPart)? { ShopAccountPart(shop: self) }

  package var schedules: [CronEntry] {
    [CronEntry(CancelOverdueOrders(), in: self)]
  }
}
