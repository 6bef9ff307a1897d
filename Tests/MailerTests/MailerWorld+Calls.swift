import MailerProtos
import Platform
import RPCEdge
import SwiftProtobuf

@testable import Mailer

extension MailerWorld {
  /// Sends a test mail as a call of `admin`, as the gRPC edge does.
  func sendTestMail(
    _ request: Helium_Mailer_V1_SendTestMailRequest = .with { $0.to = "reader@example.com" },
    as admin: Admin,
    key: String? = nil
  ) async throws -> Helium_Mailer_V1_SendTestMailResponse {
    let call = RequestContext(requestID: "test", caller: .admin(admin), idempotencyKey: key)
    return try await RequestContext.$current.withValue(call) {
      try await SendTestMail.answer(request, in: mailer)
    }
  }
}
