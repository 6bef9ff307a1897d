import GRPCCore
import MailerProtos
import Platform
import RPCEdge
import SwiftProtobuf

extension SendTestMail: RPC {
  static let method = Helium_Mailer_V1_MailerAdminService.Method.SendTestMail.descriptor

  init(_ request: Helium_Mailer_V1_SendTestMailRequest, by _: Admin) {
    self.init(to: request.to, language: request.language)
  }

  static func response(_ serverAnswer: String) -> Helium_Mailer_V1_SendTestMailResponse {
    .with { $0.serverAnswer = serverAnswer }
  }
}
