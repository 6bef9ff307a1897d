package import Contracts
package import Platform

/// Makes the nodes and packages of the demo data, unless they are there, and gives each node its
/// token.
package struct SeedDemoNetwork: Operation {
  let admin: Admin
  let token: @Sendable (NodeServer.ID) -> String

  /// `token` names the token of each node: 32 bytes in base64url.
  package init(by admin: Admin, token: @escaping @Sendable (NodeServer.ID) -> String) {
    self.admin = admin
    self.token = token
  }

  package func perform(in telecom: InTransaction<Telecom>) async throws -> DemoNetwork {
    if try await telecom.process(DemoData.ListPackages(groupNames: DemoCatalogue.groups)).isEmpty {
      try await make(in: telecom)
    }
    var nodes: [DemoNetwork.Node] = []
    for row in try await telecom.process(DemoData.ListServers(groupNames: DemoCatalogue.groups)) {
      let text = token(row.id)
      _ = try await telecom.process(
        NodeServer.ReplaceToken(tokenHash: NodeToken(sent: text).hash, id: row.id)
      )
      nodes.append(DemoNetwork.Node(id: row.id, type: row.protocol, token: text))
    }
    let packages = try await telecom.process(
      DemoData.ListPackages(groupNames: DemoCatalogue.groups)
    )
    return DemoNetwork(nodes: nodes, series: packages.map(\.series))
  }

  private func make(in telecom: InTransaction<Telecom>) async throws {
    var groups: [String: NodeGroup.ID] = [:]
    for name in DemoCatalogue.groups {
      groups[name] = try await telecom.process(CreateNodeGroup(name: name), as: admin).id
    }
    for (index, node) in DemoCatalogue.nodes.enumerated() {
      let spec = try NodeServer.Spec(
        name: node.name,
        settings: node.settings,
        factorThousandths: node.factorThousandths,
        pushInterval: DemoCatalogue.interval,
        pullInterval: DemoCatalogue.interval
      )
      let server = try await telecom.process(CreateNodeServer(spec: spec), as: admin).server
      let client = try NodeClient.Spec(
        server: server.id,
        name: node.name,
        host: DemoCatalogue.host,
        region: node.region,
        tags: ["demo"],
        sortOrder: Int32(index),
        groups: node.groups.compactMap { groups[$0] }
      )
      _ = try await telecom.process(CreateNodeClient(spec: client), as: admin)
    }
    guard let standard = groups[DemoCatalogue.standard], let premium = groups[DemoCatalogue.premium]
    else { return }
    for spec in try DemoCatalogue.packages(standard: standard, premium: premium) {
      _ = try await telecom.process(CreatePackageSeries(spec: spec), as: admin)
    }
  }
}

/// The nodes and packages of the demo data.
package struct DemoNetwork: Hashable, Sendable {
  package let nodes: [Node]
  /// From the smallest package to the one of the first customer.
  package let series: [PackageSeries.ID]

  /// A demo node as its agent calls.
  package struct Node: Hashable, Sendable {
    package let id: NodeServer.ID
    /// The protocol, by the name that agents have for it.
    package let type: String
    package let token: String
  }
}
