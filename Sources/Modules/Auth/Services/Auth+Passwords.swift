import Tokens

extension Auth {
  /// Hashes a password, or throws `busy` while too many others wait.
  func hash(_ password: String) async throws -> String {
    do {
      return try await passwords.hash(password)
    } catch PasswordHasherError.overloaded {
      throw AuthError.busy
    }
  }

  /// Whether `password` is the one that was hashed. Throws `busy` while too many others wait.
  func isPassword(_ password: TypedPassword, _ hash: String) async throws -> Bool {
    do {
      return try await passwords.verify(password.text, against: hash)
    } catch PasswordHasherError.overloaded {
      throw AuthError.busy
    }
  }
}
