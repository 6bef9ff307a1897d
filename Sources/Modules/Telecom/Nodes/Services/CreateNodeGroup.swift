import FieldViolations
import Platform

/// Makes a node group.
struct CreateNodeGroup: AdminOperation {
  static let permission = Permission("telecom.node_group.create", .moderators)
  static let repeats = Repeats.firstAnswer

  let name: String

  init(name: String) throws(InvalidInput) {
    var violations: [FieldViolation] = []
    violations.check(line: name, of: TextLengths.name, "name")
    try violations.throwIfAny()
    self.name = name
  }

  var target: AuditTarget { AuditTarget("node_group", name) }

  func perform(
    in telecom: InTransaction<Telecom>,
    as admin: Authorized<Self>
  ) async throws -> NodeGroup {
    let group = NodeGroup(
      id: telecom.ids.next(),
      name: name,
      version: 1,
      createdAt: telecom.clock.now
    )
    guard
      try await telecom.process(
        NodeGroup.Insert(id: group.id, name: name, createdAt: group.createdAt)
      ) == 1
    else {
      throw NodeGroup.CreationError.nodeGroupNameTaken
    }
    return group
  }
}

extension InTransaction<Telecom> {
  /// Throws unless every one of `groups`, which stand in `field`, exists.
  func requireNodeGroups(_ groups: [NodeGroup.ID], field: String) async throws {
    let existing = Set(try await process(NodeGroup.FindExisting(groupIDs: groups)))
    if let unknown = groups.first(where: { !existing.contains($0) }) {
      throw InvalidInput(field, "there is no node group \(unknown)")
    }
  }
}
