import GRPCCore
import Platform
import Protos
import SwiftProtobuf
import WireValues

/// Serves `helium.auth.v1.AccountAdminService`.
struct AccountAdminRPC: Helium_Auth_V1_AccountAdminService.SimpleServiceProtocol {
  let auth: Auth

  func listAccounts(
    request: Helium_Auth_V1_ListAccountsRequest,
    context: ServerContext
  ) async throws -> Helium_Auth_V1_ListAccountsResponse {
    let list = ListAccounts(
      email: request.email.isEmpty ? nil : try EmailAddress(request.email),
      isBanned: request.hasBanned ? request.banned : nil,
      page: try PageRequest(pageSize: request.pageSize, pageToken: request.pageToken)
    )
    let accounts = try await auth.process(list, as: Caller.admin())
    return .with {
      $0.accounts = accounts.items.map(Helium_Auth_V1_Account.init)
      $0.nextPageToken = accounts.nextToken
    }
  }

  func banAccount(request: Helium_Auth_V1_BanAccountRequest, context: ServerContext) async throws
    -> Helium_Auth_V1_BanAccountResponse
  {
    let account = try Account.ID(request.id, field: "id")
    try await auth.process(BanAccount(account: account), as: Caller.admin())
    try await Sessions(redis: auth.redis).endAll(of: account)
    return .init()
  }

  func unbanAccount(
    request: Helium_Auth_V1_UnbanAccountRequest,
    context: ServerContext
  ) async throws -> Helium_Auth_V1_UnbanAccountResponse {
    try await auth.process(
      UnbanAccount(account: Account.ID(request.id, field: "id")),
      as: Caller.admin()
    )
    return .init()
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
