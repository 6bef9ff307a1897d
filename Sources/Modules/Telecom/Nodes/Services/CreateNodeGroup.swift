package import Platform

/// Makes a node group.
package struct CreateNodeGroup: AdminOperation {
  package static let permission = Permission("telecom.node_group.create")

  let name: String

  package init(name: String) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    violations.check(line: name, of: TextLengths.name, "name")
    try violations.throwIfAny()
    self.name = name
  }

  package var target: AuditTarget { AuditTarget("node_group", name) }

  package func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> NodeGroup {
    let key = try idempotencyKey(of: admin)
    return try await telecom.transaction { telecom, transaction in
      try await transaction.idempotently(key, request: name, at: telecom.clock.now) {
        let group = NodeGroup(
          id: telecom.ids.next(),
          name: name,
          version: 1,
          createdAt: telecom.clock.now
        )
        guard
          try await transaction.process(
            NodeGroup.Insert(id: group.id, name: name, createdAt: group.createdAt)
          ) == 1
        else {
          throw NodeGroup.CreationError.nodeGroupNameTaken
        }
        return group
      }
    }
  }
}

/// The node groups, the oldest first.
struct ListNodeGroups: AdminOperation {
  static let permission = Permission("telecom.node_group.list")

  let page: PageRequest

  var target: AuditTarget { AuditTarget("node_group", "") }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Page<NodeGroup> {
    let rows = try await telecom.database.process(
      NodeGroup.List(after: try page.cursor() ?? .first, rowLimit: Int32(page.size + 1))
    )
    return try Page(rows.map(NodeGroup.init), page) { $0.id }
  }
}

extension Transaction {
  /// Throws unless every one of `groups`, which stand in `field`, exists.
  func requireNodeGroups(_ groups: [NodeGroup.ID], field: String) async throws {
    let existing = Set(try await process(NodeGroup.FindExisting(groupIDs: groups)))
    if let unknown = groups.first(where: { !existing.contains($0) }) {
      throw InvalidInput(field, "there is no node group \(unknown)")
    }
  }
}
