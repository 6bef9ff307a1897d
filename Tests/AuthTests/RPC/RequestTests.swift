import AuthProtos
import GRPCCore
import Platform
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
      let rpc = AuthRPC(auth: auth.auth)
      try await call { context in
        for (field, request) in registrations {
          await expect([field]) { _ = try await rpc.register(request: request, context: context) }
        }
        for email in Self.noAddresses {
          await expect(["email"]) {
            _ = try await rpc.sendRegistrationCode(
              request: .with { $0.email = email },
              context: context
            )
          }
          await expect(["email"]) {
            _ = try await rpc.logIn(
              request: .with { ($0.email, $0.password) = (email, "x") },
              context: context
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
            _ = try await rpc.sendRegistrationCode(request: request, context: context)
          }
        }
        for password in ["", String(repeating: "x", count: 1_025)] {
          await expect(["password"]) {
            _ = try await rpc.logIn(
              request: .with { ($0.email, $0.password) = ("anna@example.org", password) },
              context: context
            )
          }
        }
        await expect(["refresh_token"]) {
          _ = try await rpc.refreshSession(request: .init(), context: context)
        }
      }
    }
  }

  @Test func `an operator's request names the field that is wrong`() async throws {
    try await withAuth { auth async throws in
      let rpc = AccountAdminRPC(auth: auth.auth)
      try await call(as: .admin(auth.world.admin())) { context in
        await expect(["email"]) {
          _ = try await rpc.listAccounts(request: .with { $0.email = "x" }, context: context)
        }
        await expect(["page_size"]) {
          _ = try await rpc.listAccounts(request: .with { $0.pageSize = -1 }, context: context)
        }
        await expect(["page_token"]) {
          _ = try await rpc.listAccounts(request: .with { $0.pageToken = "?" }, context: context)
        }
        await expect(["id"]) { _ = try await rpc.banAccount(request: .init(), context: context) }
        await expect(["id"]) {
          _ = try await rpc.unbanAccount(request: .with { $0.id = "7" }, context: context)
        }
      }
    }
  }

  @Test func `a customer's request names the field that is wrong`() async throws {
    try await withAuth { auth async throws in
      let customer = try await auth.verify(auth.register())
      let rpc = AuthRPC(auth: auth.auth)
      try await call(as: .customer(customer)) { context in
        await expect(["id"]) {
          _ = try await rpc.endSession(request: .with { $0.id = "x" }, context: context)
        }
        await expect(["password"]) {
          _ = try await rpc.changePassword(
            request: .with { $0.newPassword = "battery staple" },
            context: context
          )
        }
        for password in ["", "short", "aaaaaaaa", "anna@example.org"] {
          let request = Helium_Auth_V1_ChangePasswordRequest.with {
            ($0.password, $0.newPassword) = (AuthWorld.password, password)
          }
          await expect(["new_password"]) {
            _ = try await rpc.changePassword(request: request, context: context)
          }
        }
      }
    }
  }

  @Test func `a banned account is out with the answer to the ban`() async throws {
    try await withAuth { auth async throws in
      let tokens = try await auth.register()
      try await call(as: .admin(auth.world.admin())) { context in
        _ = try await AccountAdminRPC(auth: auth.auth).banAccount(
          request: .with { $0.id = tokens.account.description },
          context: context
        )
      }
      await #expect(throws: Unauthenticated("SESSION_ENDED")) { try await auth.verify(tokens) }
    }
  }

  private func call<R: Sendable>(
    as caller: Caller = .anonymous,
    _ body: (ServerContext) async throws -> R
  ) async throws -> R {
    try await RequestContext.$current.withValue(RequestContext(requestID: "test", caller: caller)) {
      try await withServerContextRPCCancellationHandle { cancellation in
        let method = MethodDescriptor(fullyQualifiedService: "helium.auth.v1", method: "Test")
        return try await body(
          ServerContext(
            descriptor: method,
            remotePeer: "test",
            localPeer: "test",
            cancellation: cancellation
          )
        )
      }
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
