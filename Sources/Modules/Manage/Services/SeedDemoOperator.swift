package import Platform
import Tokens

/// Creates the operator of the demo data with an API key, unless the key exists.
package struct SeedDemoOperator: Operation {
  let apiKey: String

  /// `apiKey` is 32 bytes in base64url, like every API key.
  package init(apiKey: String) {
    self.apiKey = apiKey
  }

  package func perform(in manage: InTransaction<Manage>) async throws {
    guard let key = OpaqueToken(apiKey) else {
      throw InvalidInput("api_key", "must be \(OpaqueToken.length) bytes in base64url")
    }
    guard try await manage.process(APIKey.Find(keyHash: key.digest)) == nil else { return }
    let invitation = try await manage.process(IssueInvitation(role: .superAdmin))
    let admin = try await manage.process(
      RegisterAdmin(invitationToken: invitation.token, name: "Demo operator")
    )
    try await manage.process(
      APIKey.Insert(
        id: manage.ids.next(),
        adminID: admin.id,
        name: "demo key",
        keyHash: key.digest,
        createdAt: manage.clock.now,
        expiresAt: nil
      )
    )
  }
}
