import Contracts
import Platform

extension Account.Row {
  /// Whether the account's owner was forgotten. `Account.Erase` leaves an address that can receive
  /// no mail, and that nobody can register.
  var isErased: Bool { email == "erased-\(id)@invalid" }
}

/// Why an account can't be changed.
enum AccountError: String, DomainError {
  case erased

  var kind: FailureKind { .failedPrecondition }
  var reason: String { "ACCOUNT_\(rawValue.upperSnakeCase)" }
}
