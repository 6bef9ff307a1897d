import FieldViolations
import GRPCCore
import GRPCProtobuf
import Platform
import Testing

@testable import Server

@Suite struct RPCErrorMappingTests {
  private struct Failure: DomainError {
    let kind: FailureKind
    var reason: String { "SOMETHING" }
  }

  @Test func `a failure carries its reason`() throws {
    let status = GoogleRPCStatus(NotFound("order"))
    #expect(status.code == .notFound)
    #expect(status.message == "there is no such order")
    #expect(status.details.count == 1)
    let info = try #require(status.details.first?.errorInfo)
    #expect(info.reason == "ORDER_NOT_FOUND")
    #expect(info.domain == "helium")
  }

  @Test func `wrong fields are named, each with what it must be`() throws {
    let status = GoogleRPCStatus(
      InvalidInput([
        .init("a", "is odd"), .init("b.c", "is long"),
      ])
    )
    #expect(status.code == .invalidArgument)
    #expect(status.details.compactMap(\.errorInfo).map(\.reason) == ["INVALID_INPUT"])
    let violations = try #require(status.details.compactMap(\.badRequest).first).violations
    #expect(violations.map(\.field) == ["a", "b.c"])
    #expect(violations.map(\.violationDescription) == ["is odd", "is long"])
  }

  @Test func `what the gRPC library refuses has its code as the reason`() throws {
    let status = GoogleRPCStatus(RPCError(code: .invalidArgument, message: "no message"))
    #expect(status.code == .invalidArgument)
    #expect(status.message == "no message")
    let info = try #require(status.details.first?.errorInfo)
    #expect(info.reason == "INVALID_ARGUMENT")
    #expect(info.domain == "helium")
  }

  @Test func `an internal failure says an id and nothing else`() throws {
    let status = GoogleRPCStatus(internalWithID: "id-1")
    #expect(status.code == .internalError)
    #expect(status.message == "internal error id-1")
    let info = try #require(status.details.first?.errorInfo)
    #expect(info.reason == "INTERNAL")
    #expect(info.metadata == ["error_id": "id-1"])
  }

  @Test func `every kind of failure has a code of its own, and none is internal`() {
    let codes = FailureKind.allCases.map { GoogleRPCStatus(Failure(kind: $0)).code }
    #expect(Set(codes).count == FailureKind.allCases.count)
    #expect(!codes.contains(.internalError))
    #expect(!codes.contains(.unknown))
  }
}
