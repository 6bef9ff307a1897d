package import GRPCCore
import GRPCProtobuf
package import Platform
import SwiftProtobuf

/// One RPC of a module, with its operation's type erased.
package struct ModuleCall<M: Module>: Sendable {
  private let handler: any CallHandler<M>

  /// The operation that the RPC runs.
  package var operation: any CalledOperation.Type { handler.operation }
  /// The method as the wire names it.
  package var method: MethodDescriptor { handler.method }

  /// A call with one request and one answer.
  package static func rpc<O: RPC>(_ operation: O.Type) -> ModuleCall where O.Context.Home == M {
    ModuleCall(handler: UnaryHandler<O>())
  }

  /// A call with one request and a stream of answers.
  package static func stream<O: StreamingRPC>(_ operation: O.Type) -> ModuleCall
  where O.Context.Home == M {
    precondition(O.repeats == .runAgain, "a stream is not stored, so it can't be answered again")
    return ModuleCall(handler: StreamHandler<O>())
  }

  func register<Transport>(in module: M, with router: inout RPCRouter<Transport>) {
    handler.register(in: module, with: &router)
  }
}

/// The RPCs of one module, as gRPC registers them.
package struct ModuleService<M: Module>: RegistrableRPCService {
  private let module: M
  private let calls: [ModuleCall<M>]

  package init(_ module: M, _ calls: [ModuleCall<M>]) {
    self.module = module
    self.calls = calls
  }

  package func registerMethods<Transport>(with router: inout RPCRouter<Transport>)
  where Transport: ServerTransport {
    for call in calls { call.register(in: module, with: &router) }
  }
}

private protocol CallHandler<M>: Sendable {
  associatedtype M: Module

  var operation: any CalledOperation.Type { get }
  var method: MethodDescriptor { get }

  func register<Transport>(in module: M, with router: inout RPCRouter<Transport>)
}

private struct UnaryHandler<O: RPC>: CallHandler {
  typealias M = O.Context.Home

  var operation: any CalledOperation.Type { O.self }
  var method: MethodDescriptor { O.method }

  func register<Transport>(in module: M, with router: inout RPCRouter<Transport>) {
    router.registerHandler(
      forMethod: O.method,
      deserializer: ProtobufDeserializer<O.Request>(),
      serializer: ProtobufSerializer<O.Response>()
    ) { request, _ in
      let request = try await ServerRequest(stream: request)
      let response = try await O.answer(request.message, in: module)
      return StreamingServerResponse(single: ServerResponse(message: response))
    }
  }
}

private struct StreamHandler<O: StreamingRPC>: CallHandler {
  typealias M = O.Context.Home

  var operation: any CalledOperation.Type { O.self }
  var method: MethodDescriptor { O.method }

  func register<Transport>(in module: M, with router: inout RPCRouter<Transport>) {
    router.registerHandler(
      forMethod: O.method,
      deserializer: ProtobufDeserializer<O.Request>(),
      serializer: ProtobufSerializer<O.Response>()
    ) { request, _ in
      let request = try await ServerRequest(stream: request)
      return StreamingServerResponse { writer in
        for try await element in try await O.begin(request.message, in: module) {
          try await writer.write(try O.response(element))
        }
        return [:]
      }
    }
  }
}
