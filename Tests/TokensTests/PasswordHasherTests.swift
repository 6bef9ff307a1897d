import Testing
import Tokens

@Suite struct PasswordHasherTests {
  @Test func `a password verifies against its own hash only`() async throws {
    let hasher = PasswordHasher(threads: 2)
    let hash = try await hasher.hash("correct horse, батарея, 🔋")
    #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(try await hasher.verify("correct horse, батарея, 🔋", against: hash))
    #expect(try await !hasher.verify("correct horse, батарея", against: hash))
    #expect(try await !hasher.verify("", against: hash))
    #expect(try await hasher.hash("correct horse, батарея, 🔋") != hash)
    await hasher.shutdown()
  }

  /// Made by the reference library: salt `saltsaltsaltsalt`, 8 MiB, 2 passes.
  static let foreignHash =
    "$argon2id$v=19$m=8192,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$6v1e88LXg8I6SldGfgaqHbA+4IDzIsUnxjx8NcPmu9M"

  @Test func `hashes made elsewhere verify, and ask for a rehash when they cost less`() async throws
  {
    let hasher = PasswordHasher(threads: 1)
    #expect(try await hasher.verify("password", against: Self.foreignHash))
    #expect(try await !hasher.verify("Password", against: Self.foreignHash))
    #expect(try hasher.needsRehash(Self.foreignHash))
    #expect(try await !hasher.needsRehash(hasher.hash("password")))
    await hasher.shutdown()
  }

  @Test(arguments: [
    "", "secret", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=19456,t=2,p=1$",
    "$argon2id$" + String(repeating: "a", count: 200),
  ])
  func `what is no argon2id hash is a corrupt row, not a wrong password`(hash: String) async throws
  {
    let hasher = PasswordHasher(threads: 1)
    await #expect(throws: PasswordHasherError.malformedHash) {
      try await hasher.verify("secret", against: hash)
    }
    #expect(throws: PasswordHasherError.malformedHash) { try hasher.needsRehash(hash) }
    await hasher.shutdown()
  }

  @Test func `an account that doesn't exist costs the same work and is never verified`()
    async throws
  {
    let hasher = PasswordHasher(threads: 1)
    #expect(try await !hasher.verifyAbsent("secret"))
    await hasher.shutdown()
  }

  @Test func `a password that is too long is refused`() async {
    let hasher = PasswordHasher(threads: 1)
    let password = String(repeating: "ä", count: PasswordHasher.maximumPasswordBytes / 2) + "a"
    await #expect(throws: PasswordHasherError.passwordTooLong) { try await hasher.hash(password) }
    await hasher.shutdown()
  }

  @Test func `more callers than may wait are told so, and the others are served`() async {
    let hasher = PasswordHasher(threads: 1, waiting: 3)
    let outcomes = await withTaskGroup(of: PasswordHasherError?.self) { group in
      for _ in 0..<40 {
        group.addTask {
          do throws(PasswordHasherError) {
            _ = try await hasher.hash("secret")
            return nil
          } catch {
            return error
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.contains(.overloaded))
    #expect(outcomes.count { $0 == nil } >= 4)
    #expect(outcomes.allSatisfy { $0 == nil || $0 == .overloaded })
    // Nothing leaks: the room is there again.
    await #expect(throws: Never.self) { try await hasher.hash("secret") }
    await hasher.shutdown()
  }

  @Test func `a caller that is cancelled before its turn does no work`() async {
    let hasher = PasswordHasher(threads: 1)
    let error = await withTaskGroup(of: PasswordHasherError?.self) { group in
      group.cancelAll()
      group.addTask {
        do throws(PasswordHasherError) {
          _ = try await hasher.hash("secret")
          return nil
        } catch {
          return error
        }
      }
      return await group.next() ?? nil
    }
    #expect(error == .cancelled)
    await hasher.shutdown()
  }

  @Test func `after shutdown nothing is hashed`() async {
    let hasher = PasswordHasher(threads: 1)
    await hasher.shutdown()
    await #expect(throws: PasswordHasherError.cancelled) { try await hasher.hash("secret") }
  }
}
