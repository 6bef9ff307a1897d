/// The logins and secrets of the demo data. Its JSON is part of `dev.json`.
package struct DemoInstallation: Sendable, Encodable {
  package struct Operator: Sendable, Encodable {
    package let apiKey: String

    private enum CodingKeys: String, CodingKey {
      case apiKey = "api_key"
    }
  }

  package struct Customer: Sendable, Encodable {
    package let email: String
    package let password: String
    /// The subscription link's last part.
    package let linkToken: String
    package let nodeUserID: Int32
    /// The whole link, where it is known who serves it.
    package var subscriptionURL: String?

    private enum CodingKeys: String, CodingKey {
      case email, password
      case subscriptionURL = "subscription_url"
      case nodeUserID = "node_user_id"
    }
  }

  package struct Node: Sendable, Encodable {
    package let id: Int32
    package let type: String
    package let token: String
  }

  package let admin: Operator
  package var customer: Customer
  package let nodes: [Node]
  /// How many customers the demo data has.
  package let accounts: Int
}
