import GRPCCore
import ManageProtos
import Manifest
import Platform
import RPCEdge
import SwiftProtobuf
import WireValues

extension InspectAccount: RPC {
  static let method = Helium_Manage_V1_AccountRecordService.Method.InspectAccount.descriptor

  init(_ request: Helium_Manage_V1_InspectAccountRequest, by _: Admin) throws {
    self.init(account: try Account.ID(request.accountID, field: "account_id"))
  }

  static func response(_ facts: [AccountFact]) -> Helium_Manage_V1_InspectAccountResponse {
    .with {
      $0.facts = facts.map { fact in
        .with {
          $0.name = fact.name
          $0.value = fact.value
        }
      }
    }
  }
}

extension ExportAccount: RPC {
  static let method = Helium_Manage_V1_AccountRecordService.Method.ExportAccount.descriptor

  init(_ request: Helium_Manage_V1_ExportAccountRequest, by _: Admin) throws {
    self.init(account: try Account.ID(request.accountID, field: "account_id"))
  }

  static func response(_ document: [UInt8]) -> Helium_Manage_V1_ExportAccountResponse {
    .with { $0.document = String(decoding: document, as: UTF8.self) }
  }
}

extension EraseAccount: RPC {
  static let method = Helium_Manage_V1_AccountRecordService.Method.EraseAccount.descriptor

  typealias Response = Helium_Manage_V1_EraseAccountResponse

  init(_ request: Helium_Manage_V1_EraseAccountRequest, by _: Admin) throws {
    self.init(account: try Account.ID(request.accountID, field: "account_id"))
  }
}
