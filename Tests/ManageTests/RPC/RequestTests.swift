import FieldViolations
import ManageProtos
import Platform
import SwiftProtobuf
import Testing
import WorldKit

@testable import Manage

/// Each request with each field that can be wrong: the answer names that field.
@Suite struct RequestTests {
  private static let id = "0198c0de-0000-7000-8000-000000000001"
  private static let noLabels = [
    " ", "two\nlines", "null\0", "tab\t", String(repeating: "x", count: 101),
  ]

  @Test func `a request of who isn't known yet names the field that is wrong`() async throws {
    try await withManage { m async throws in
      try await m.asOperator(m.world.admin()) {
        await expect(["invitation_token"]) {
          _ = try await m.answer(RegisterAdmin.self, .with { $0.name = "Anna" })
        }
        for name in Self.noLabels + [""] {
          let request = Helium_Manage_V1_RegisterAdminRequest.with {
            ($0.invitationToken, $0.name) = ("x", name)
          }
          await expect(["name"]) {
            _ = try await m.answer(RegisterAdmin.self, request)
          }
        }
        await expect(["api_key"]) {
          _ = try await m.answer(LogInAdmin.self, .init())
        }
      }
    }
  }

  @Test func `a request about operators and keys names the field that is wrong`() async throws {
    try await withManage { m async throws in
      try await m.asOperator(m.world.admin()) {
        for role in [Helium_Manage_V1_Role.unspecified, .UNRECOGNIZED(9)] {
          await expect(["role"]) {
            _ = try await m.answer(InviteAdmin.self, .with { $0.role = role })
          }
          let change = Helium_Manage_V1_ChangeAdminRoleRequest.with {
            ($0.id, $0.role) = (Self.id, role)
          }
          await expect(["role"]) {
            _ = try await m.answer(ChangeAdminRole.self, change)
          }
        }
        await expect(["id"]) {
          _ = try await m.answer(ChangeAdminRole.self, .with { $0.role = .moderator })
        }
        await expect(["id"]) { _ = try await m.answer(DisableAdmin.self, .init()) }
        await expect(["id"]) { _ = try await m.answer(EnableAdmin.self, .init()) }
        await expect(["id"]) { _ = try await m.answer(RotateAPIKey.self, .init()) }
        await expect(["id"]) {
          _ = try await m.answer(RevokeAPIKey.self, .with { $0.id = "x" })
        }
        await expect(["expire_time"]) {
          _ = try await m.answer(
            RotateAPIKey.self,
            .with { ($0.id, $0.expireTime.nanos) = (Self.id, -1) }
          )
        }
        for name in Self.noLabels + [""] {
          await expect(["name"]) {
            _ = try await m.answer(CreateAPIKey.self, .with { $0.name = name })
          }
        }
        for seconds in [Int64.max, .min, World.noon.seconds] {
          let request = Helium_Manage_V1_CreateApiKeyRequest.with {
            ($0.name, $0.expireTime.seconds) = ("key", seconds)
          }
          await expect(["expire_time"]) {
            _ = try await m.answer(CreateAPIKey.self, request)
          }
        }
        await expect(["admin_id"]) {
          _ = try await m.answer(ListAPIKeys.self, .with { $0.adminID = "x" })
        }
        await expect(["page_size"]) {
          _ = try await m.answer(ListAPIKeys.self, .with { $0.pageSize = -1 })
        }
        await expect(["page_token"]) {
          _ = try await m.answer(ListAdmins.self, .with { $0.pageToken = "?" })
        }
      }
    }
  }

  @Test func `a search of the audit log names the field that is wrong`() async throws {
    let requests: [(String, Helium_Manage_V1_ListAuditLogRequest)] =
      [
        ("page_size", .with { $0.pageSize = -1 }), ("page_token", .with { $0.pageToken = "?" }),
        ("admin_id", .with { $0.adminID = "x" }),
        ("from_time", .with { $0.fromTime.seconds = .max }),
        ("until_time", .with { $0.untilTime.nanos = .max }),
      ]
      + noLabelFilters
    try await withManage { m async throws in
      try await m.asOperator(m.world.admin()) {
        for (field, request) in requests {
          await expect([field]) {
            _ = try await m.answer(ListAuditRows.self, request)
          }
        }
      }
    }
  }

  private var noLabelFilters: [(String, Helium_Manage_V1_ListAuditLogRequest)] {
    Self.noLabels.flatMap { text -> [(String, Helium_Manage_V1_ListAuditLogRequest)] in
      [
        ("operation", .with { $0.operation = text }),
        ("target_kind", .with { $0.targetKind = text }),
        ("target_id", .with { $0.targetID = text }),
      ]
    }
  }

  @Test func `a request about settings names the field that is wrong`() async throws {
    try await withManage { m async throws in
      try await m.asOperator(m.world.admin()) {
        await expect(["module"]) {
          _ = try await m.answer(GetSettings.self, .init())
        }
        await expect(["module"]) {
          _ = try await m.answer(ListSettingsVersions.self, .with { $0.module = "x" })
        }
        await expect(["page_token"]) {
          _ = try await m.answer(
            ListSettingsVersions.self,
            .with { ($0.module, $0.pageToken) = ("sample", "?") }
          )
        }
        let updates: [([String], Helium_Manage_V1_UpdateSettingsRequest)] = [
          (["module"], .with { $0.document = "{}" }),
          (["document"], .with { $0.module = "sample" }),
          (["document"], .with { ($0.module, $0.document) = ("sample", "{") }),
          (
            ["document"],
            .with {
              ($0.module, $0.document) = ("sample", String(repeating: " ", count: 1_048_577))
            }
          ),
          (["version"], .with { ($0.module, $0.document, $0.version) = ("sample", "{}", -1) }),
          (["document", "version"], .with { ($0.module, $0.version) = ("sample", -1) }),
          (["limit"], .with { ($0.module, $0.document) = ("sample", #"{"limit": 0}"#) }),
          (["limit"], .with { ($0.module, $0.document) = ("sample", #"{"limit": "x"}"#) }),
        ]
        for (fields, request) in updates {
          await expect(fields) {
            _ = try await m.answer(UpdateSettings.self, request)
          }
        }
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
