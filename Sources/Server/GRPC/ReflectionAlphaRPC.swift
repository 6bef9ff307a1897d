import GRPCCore
import GRPCProtos
import SwiftProtobuf

/// Serves `grpc.reflection.v1alpha.ServerReflection`, which older clients ask for.
struct ReflectionAlphaRPC: Grpc_Reflection_V1alpha_ServerReflection.SimpleServiceProtocol {
  let index: ReflectionIndex

  func serverReflectionInfo(
    request: RPCAsyncSequence<Grpc_Reflection_V1alpha_ServerReflectionRequest, any Error>,
    response: RPCWriter<Grpc_Reflection_V1alpha_ServerReflectionResponse>,
    context: ServerContext
  ) async throws {
    for try await message in request { try await response.write(answer(to: message)) }
  }

  func answer(to request: Grpc_Reflection_V1alpha_ServerReflectionRequest)
    -> Grpc_Reflection_V1alpha_ServerReflectionResponse
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
