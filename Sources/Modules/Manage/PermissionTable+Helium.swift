package import Platform

extension PermissionTable {
  /// Who may do what. A new admin operation needs a row here, or no worker starts.
  package static let helium = PermissionTable([
    "manage.admin.invite": everything,
    "manage.admin.list": moderators,
    "manage.admin.change_role": everything,
    "manage.admin.disable": everything,
    "manage.admin.enable": everything,
    // All operators have keys of their own.
    "manage.api_key.create": everyone,
    "manage.api_key.rotate": everyone,
    "manage.api_key.list": everyone,
    "manage.api_key.revoke": everyone,
    "manage.audit.list": moderators,
    "manage.permission.list": everyone,
    "manage.settings.list": moderators,
    "manage.settings.get": moderators,
    "manage.settings.update": everything,

    "auth.account.list": support,
    "auth.account.ban": moderators,
    "auth.account.unban": moderators,

    "shop.product.create": moderators,
    "shop.product.update": moderators,
    "shop.product.change_stock": moderators,
    "shop.product.list": support,
    "shop.order.list": support,
    "shop.order.inspect": support,
    "shop.order.cancel": moderators,
    "shop.gift_card.create": moderators,
    "shop.gift_card.list": moderators,
    "shop.wallet.deposit": moderators,
    "shop.wallet.inspect": support,
    "shop.wallet.list_entries": support,

    "telecom.node_group.create": moderators,
    "telecom.node_group.list": support,
    "telecom.node_server.create": moderators,
    "telecom.node_server.update": moderators,
    "telecom.node_server.set_maintenance": moderators,
    "telecom.node_server.delete": moderators,
    "telecom.node_server.list": support,
    "telecom.node_server.watch": support,
    "telecom.node_server.rotate_token": moderators,
    // Such a file has keys and customers' credentials.
    "telecom.node_server.configure": moderators,
    "telecom.node_client.create": moderators,
    "telecom.node_client.update": moderators,
    "telecom.node_client.set_maintenance": moderators,
    "telecom.node_client.delete": moderators,
    "telecom.node_client.list": support,
    "telecom.package.create": moderators,
    "telecom.package.list": support,
    // It has sample nodes alone.
    "telecom.profile.preview": support,
    "telecom.subscription.inspect": support,
    "telecom.subscription.list_fetches": support,
    "telecom.subscription.list_devices": support,
    "telecom.subscription.remove_device": support,
    "telecom.subscription.limit_devices": moderators,
    "telecom.subscription.grant": moderators,
    "telecom.subscription.adjust": moderators,
    "telecom.usage.list": support,
    "telecom.usage.export": moderators,
    "telecom.online.list": support,
    "telecom.traffic.watch": support,
    "telecom.rule_hit.list": support,
  ])

  private init(_ rows: KeyValuePairs<String, Set<Role>>) {
    self.init(Dictionary(uniqueKeysWithValues: rows.map { (Permission($0.key), $0.value) }))
  }

  private static let everything: Set<Role> = [.superAdmin]
  private static let moderators: Set<Role> = [.superAdmin, .moderator]
  private static let support: Set<Role> = [.superAdmin, .moderator, .customerSupport]
  private static let everyone: Set<Role> = Set(Role.allCases)
}
