import AuthProtos
import FieldViolations
import Platform
import RPCEdge
import SwiftProtobuf
import Testing
import WorldKit

@testable import Auth

/// Each request with each field that can be wrong: the answer names that field.
@Suite struct RequestTests {
  private static let noAddresses = ["", "anna", "anna@example", "a\0@example.org"]

  @Test func `a request of who isn't known yet names the field that is wrong`() async throws {
    let registrations: [(String, Helium_Auth_V1_RegisterRequest)] =
      Self.noAddresses.map { email in
        ("email", .with { ($0.email, $0.code, $0.password) = (email, "123456", "correct horse") })
      }
      + ["", "12345", "1234567", "12345x", "١٢٣٤٥٦"].map { code in
        (
          "code",
          .with { ($0.email, $0.code, $0.password) = ("anna@example.org", code, "correct horse") }
        )
      }
      + ["", "1234567", "aaaaaaaa", "anna@example.org", String(repeating: "xyzw", count: 257)].map {
        password in
        (
          "password",
          .with { ($0.email, $0.code, $0.password) = ("anna@example.org", "123456", password) }
        )
      }
    try await withAuth { auth async throws in
      try await auth.call {
        for (field, request) in registrations {
          await expect([field]) { _ = try await RegisterAccount.answer(request, in: auth.auth) }
        }
        for email in Self.noAddresses {
          await expect(["email"]) {
            _ = try await SendRegistrationCode.answer(
              .with { $0.email = email },
              in: auth.auth
            )
          }
          await expect(["email"]) {
            _ = try await LogIn.answer(
              .with { ($0.email, $0.password) = (email, "x") },
              in: auth.auth
            )
          }
        }
        for language in [
          "e", "english", "en_US", "en-", "en-123456789", "en\0",
          String(repeating: "en-", count: 12) + "en",
        ] {
          await expect(["language"]) {
            let request = Helium_Auth_V1_SendRegistrationCodeRequest.with {
              ($0.email, $0.language) = ("anna@example.org", language)
            }
            _ = try await SendRegistrationCode.answer(request, in: auth.auth)
          }
        }
        for password in ["", String(repeating: "x", count: 1_025)] {
          await expect(["password"]) {
            _ = try await LogIn.answer(
              .with { ($0.email, $0.password) = ("anna@example.org", password) },
              in: auth.auth
            )
          }
        }
        await expect(["refresh_token"]) {
          _ = try await RefreshSession.answer(.init(), in: auth.auth)
        }
      }
    }
  }

  @Test func `an operator's request names the field that is wrong`() async throws {
    try await withAuth { auth async throws in
      try await auth.call(as: .admin(auth.world.admin())) {
        await expect(["email"]) {
          _ = try await ListAccounts.answer(.with { $0.email = "x" }, in: auth.auth)
        }
        await expect(["page_size"]) {
          _ = try await ListAccounts.answer(.with { $0.pageSize = -1 }, in: auth.auth)
        }
        await expect(["page_token"]) {
          _ = try await ListAccounts.answer(.with { $0.pageToken = "?" }, in: auth.auth)
        }
        await expect(["id"]) { _ = try await BanAccount.answer(.init(), in: auth.auth) }
        await expect(["id"]) {
          _ = try await UnbanAccount.answer(.with { $0.id = "7" }, in: auth.auth)
        }
      }
    }
  }

  @Test func `a customer's request names the field that is wrong`() async throws {
    try await withAuth { auth async throws in
      let customer = try await auth.verify(auth.register())
      try await auth.call(as: .customer(customer)) {
        await expect(["id"]) {
          _ = try await EndSession.answer(.with { $0.id = "x" }, in: auth.auth)
        }
        await expect(["password"]) {
          _ = try await ChangePassword.answer(
            .with { $0.newPassword = "battery staple" },
            in: auth.auth
          )
        }
        for password in ["", "short", "aaaaaaaa", "anna@example.org"] {
          let request = Helium_Auth_V1_ChangePasswordRequest.with {
            ($0.password, $0.newPassword) = (AuthWorld.password, password)
          }
          await expect(["new_password"]) {
            _ = try await ChangePassword.answer(request, in: auth.auth)
          }
        }
      }
    }
  }

  @Test func `a banned account is out with the answer to the ban`() async throws {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      try await auth.call(as: .admin(auth.world.admin())) {
        _ = try await BanAccount.answer(
          .with { $0.id = tokens.account.description },
          in: auth.auth
        )
      }
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(tokens) }
    }
  }

  /// Runs a call that must be refused as a bad request for exactly these fields.
  private func expect(
    _ fields: [String],
    sourceLocation: SourceLocation = #_sourceLocation,
    _ call: () async throws -> Void
  ) async {
    do {
      try await call()
      Issue.record("nothing was refused, not even \(fields)", sourceLocation: sourceLocation)
    } catch let error as any DomainError {
      #expect(error.kind == .invalidArgument, sourceLocation: sourceLocation)
      #expect(error.violations.map(\.field) == fields, sourceLocation: sourceLocation)
    } catch {
      Issue.record("\(error)", sourceLocation: sourceLocation)
    }
  }
}
