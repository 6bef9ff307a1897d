import Platform

/// An operator's role, and whether the operator is enabled.
struct Administrator: Identifiable, Hashable, Sendable {
  let id: Admin.ID
  private(set) var role: Role
  private(set) var isDisabled: Bool

  init(id: Admin.ID, role: Role, isDisabled: Bool) {
    self.id = id
    self.role = role
    self.isDisabled = isDisabled
  }

  /// Gives the operator another role. `superAdmins` are those that can log in.
  mutating func changeRole(to role: Role, among superAdmins: [Admin.ID]) throws(AdministratorError)
  {
    if role != .superAdmin { try checkReplaceable(among: superAdmins) }
    self.role = role
  }

  /// Shuts the operator out. `superAdmins` are those that can log in.
  mutating func disable(among superAdmins: [Admin.ID]) throws(AdministratorError) {
    try checkReplaceable(among: superAdmins)
    isDisabled = true
  }

  mutating func enable() {
    isDisabled = false
  }

  /// Without a SuperAdmin, a new one could only be created on the machine itself.
  private func checkReplaceable(among superAdmins: [Admin.ID]) throws(AdministratorError) {
    guard superAdmins != [id] else { throw .lastSuperAdmin }
  }
}

/// Why an operator could not be changed.
enum AdministratorError: String, DomainError {
  case lastSuperAdmin

  var kind: FailureKind { .failedPrecondition }
}

extension Administrator {
  init(_ row: Administrator.Lock.Row) {
    self.init(id: row.id, role: row.role, isDisabled: row.disabled)
  }
}
