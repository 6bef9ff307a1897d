import FoundationEssentials
package import GRPCCore
import GRPCProtos
import ProtoDescriptors
import SwiftProtobuf

/// Both versions of `grpc.reflection`, over the descriptors that `make generate` put into the
/// binary.
package enum Reflection {
  /// Throws when the descriptors can't be read, which a test would have found.
  package static func services() throws -> [any RegistrableRPCService] {
    let index = try index()
    return [ReflectionRPC(index: index), ReflectionAlphaRPC(index: index)]
  }

  static func index() throws -> ReflectionIndex {
    try ReflectionIndex(try descriptors())
  }

  /// Every `.proto` file that the server speaks, with all it imports.
  static func descriptors() throws -> Google_Protobuf_FileDescriptorSet {
    guard let bytes = Data(base64Encoded: FileDescriptors.base64) else {
      throw UnreadableDescriptors()
    }
    return try Google_Protobuf_FileDescriptorSet(serializedBytes: bytes)
  }

  /// The descriptors in the binary are not base64.
  struct UnreadableDescriptors: Error {}
}

/// Serves `grpc.reflection.v1.ServerReflection`.
struct ReflectionRPC: Grpc_Reflection_V1_ServerReflection.SimpleServiceProtocol {
  let index: ReflectionIndex

  func serverReflectionInfo(
    request: RPCAsyncSequence<Grpc_Reflection_V1_ServerReflectionRequest, any Error>,
    response: RPCWriter<Grpc_Reflection_V1_ServerReflectionResponse>,
    context: ServerContext
  ) async throws {
    for try await message in request { try await response.write(answer(to: message)) }
  }

  func answer(to request: Grpc_Reflection_V1_ServerReflectionRequest)
    -> Grpc_Reflection_V1_ServerReflectionResponse
  {
    let question: ReflectionIndex.Question? =
      switch request.messageRequest {
      case .fileByFilename(let name): .fileNamed(name)
      case .fileContainingSymbol(let symbol): .fileDeclaring(symbol)
      case .fileContainingExtension(let field):
        .fileExtending(field.containingType, number: field.extensionNumber)
      case .allExtensionNumbersOfType(let type): .extensionNumbers(of: type)
      case .listServices: .services
      case nil: nil
      }
    return .with { response in
      response.validHost = request.host
      response.originalRequest = request
      switch index.answer(question) {
      case .files(let files):
        response.fileDescriptorResponse = .with { $0.fileDescriptorProto = files }
      case .services(let names):
        response.listServicesResponse = .with {
          $0.service = names.map { name in .with { $0.name = name } }
        }
      case .extensionNumbers(let numbers):
        response.allExtensionNumbersResponse = .with {
          $0.baseTypeName = request.allExtensionNumbersOfType
          $0.extensionNumber = numbers
        }
      case .failure(let code, let text):
        response.errorResponse = .with {
          $0.errorCode = Int32(code.rawValue)
          $0.errorMessage = text
        }
      }
    }
  }
}
