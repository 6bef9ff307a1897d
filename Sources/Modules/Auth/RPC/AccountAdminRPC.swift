import AuthProtos
import GRPCCore
import Platform
import RPCEdge
import SwiftProtobuf
import WireValues

extension ListAccounts: RPC {
  static let method = Helium_Auth_V1_AccountAdminService.Method.ListAccounts.descriptor

  init(_ request: Helium_Auth_V1_ListAccountsRequest, by _: Admin) throws {
    self.init(
      email: request.email.isEmpty ? nil : try EmailAddress(request.email),
      isBanned: request.hasBanned ? request.banned : nil,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
  }

  static func response(_ accounts: Page<Account.Row>) -> Helium_Auth_V1_ListAccountsResponse {
    .with {
      $0.accounts = accounts.items.map(Helium_Auth_V1_Account.init)
      $0.nextPageToken = accounts.nextToken
    }
  }
}

extension BanAccount: RPC {
  static let method = Helium_Auth_V1_AccountAdminService.Method.BanAccount.descriptor

  typealias Response = Helium_Auth_V1_BanAccountResponse

  init(_ request: Helium_Auth_V1_BanAccountRequest, by _: Admin) throws {
    self.init(account: try Account.ID(request.id, field: "id"))
  }
}

extension UnbanAccount: RPC {
  static let method = Helium_Auth_V1_AccountAdminService.Method.UnbanAccount.descriptor

  typealias Response = Helium_Auth_V1_UnbanAccountResponse

  init(_ request: Helium_Auth_V1_UnbanAccountRequest, by _: Admin) throws {
    self.init(account: try Account.ID(request.id, field: "id"))
  }
}

extension Helium_Auth_V1_Account {
  init(_ row: Account.Row) {
    self.init()
    id = row.id.description
    email = row.email
    banned = row.isBanned
    createTime = .init(row.createdAt)
    if let at = row.lastLoginAt { lastLoginTime = .init(at) }
  }
}
