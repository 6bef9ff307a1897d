package import Platform

/// Connects packages with node clients: packages of a group may use its clients.
package struct NodeGroup: Identifiable, Hashable, Sendable {
  package typealias ID = Identifier<NodeGroup>

  package let id: ID
  package let name: String
  /// Increases with every change of its members or nodes.
  package let version: Int64
  package let createdAt: Instant

  init(_ row: NodeGroup.List.Row) {
    id = row.id
    name = row.name
    version = row.version
    createdAt = row.createdAt
  }

  init(id: ID, name: String, version: Int64, createdAt: Instant) {
    self.id = id
    self.name = name
    self.version = version
    self.createdAt = createdAt
  }

  /// Why a group could not be made.
  package enum CreationError: String, DomainError {
    case nodeGroupNameTaken

    package var kind: FailureKind { .alreadyExists }
  }
}
