import FoundationEssentials
import GRPCCore
import GRPCProtos
import SwiftProtobuf
import Testing

@testable import Server

@Suite struct ReflectionTests {
  private func names(_ answer: ReflectionIndex.Answer) throws -> [String] {
    guard case .files(let files) = answer else { return [] }
    return try files.map { try Google_Protobuf_FileDescriptorProto(serializedBytes: $0).name }
  }

  @Test func `the services of the binary are listed, its own and those that every server has`()
    throws
  {
    guard case .services(let services) = try Reflection.index().answer(.services) else {
      Issue.record("no list")
      return
    }
    #expect(services == services.sorted())
    let expected = [
      "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
    ]
    #expect(Set(expected).isSubset(of: services))
    #expect(services.contains { $0.hasPrefix("helium.") })
  }

  @Test func `a file is found by its name and by each thing it declares`() throws {
    let index = try Reflection.index()
    #expect(
      try names(index.answer(.fileNamed("helium/common/v1/money.proto"))) == [
        "helium/common/v1/money.proto"
      ]
    )
    for symbol in [
      "grpc.health.v1.Health", "grpc.health.v1.Health.Check", "grpc.health.v1.HealthCheckResponse",
      "grpc.health.v1.HealthCheckResponse.ServingStatus",
      "grpc.health.v1.HealthCheckResponse.SERVING",
      "grpc.health.v1.HealthCheckResponse.status",
    ] {
      #expect(
        try names(index.answer(.fileDeclaring(symbol))) == ["grpc/health/v1/health.proto"],
        "\(symbol)"
      )
    }
  }

  private func sample() throws -> ReflectionIndex {
    try ReflectionIndex(
      .with { set in
        set.file = [
          .with {
            ($0.name, $0.package, $0.dependency) = ("a.proto", "a", ["b.proto", "c.proto"])
            $0.messageType = [.with { $0.name = "M" }]
          },
          .with {
            ($0.name, $0.package, $0.dependency) = ("b.proto", "b", ["c.proto"])
            $0.extension = [
              .with { ($0.name, $0.number, $0.extendee) = ("late", 9, ".a.M") },
              .with { ($0.name, $0.number, $0.extendee) = ("early", 4, ".a.M") },
            ]
          },
          .with { $0.name = "c.proto" },
        ]
      }
    )
  }

  @Test func `a file comes with all that it imports, once each`() throws {
    #expect(try names(sample().answer(.fileNamed("a.proto"))) == ["a.proto", "b.proto", "c.proto"])
  }

  @Test func `extensions are found by the type they extend`() throws {
    let index = try sample()
    #expect(try names(index.answer(.fileExtending("a.M", number: 9))) == ["b.proto", "c.proto"])
    #expect(index.answer(.extensionNumbers(of: "a.M")) == .extensionNumbers([4, 9]))
  }

  @Test(arguments: [
    ReflectionIndex.Question.fileNamed("no.proto"), .fileDeclaring("a.N"),
    .fileExtending("a.M", number: 1), .extensionNumbers(of: "a.N"),
  ]) func `what is not there is NOT_FOUND, in the stream and not as its end`(
    question: ReflectionIndex.Question
  ) throws {
    guard case .failure(.notFound, _) = try sample().answer(question) else {
      Issue.record("found")
      return
    }
  }

  @Test func `both versions give the same answers`() throws {
    let index = try sample()
    let v1 = ReflectionRPC(index: index).answer(
      to: .with { ($0.host, $0.fileByFilename) = ("h", "no.proto") }
    )
    let alpha = ReflectionAlphaRPC(index: index).answer(
      to: .with { ($0.host, $0.fileByFilename) = ("h", "no.proto") }
    )
    #expect(v1.validHost == "h")
    #expect(v1.originalRequest.fileByFilename == "no.proto")
    #expect(v1.errorResponse.errorCode == 5)
    #expect(try v1.serializedBytes() as [UInt8] == alpha.serializedBytes())
    #expect(ReflectionRPC(index: index).answer(to: .init()).errorResponse.errorCode == 3)
  }
}
