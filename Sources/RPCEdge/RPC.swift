package import GRPCCore
package import Platform
package import SwiftProtobuf

/// An operation that is called over the wire: which method it is, how a request becomes one, and
/// what its output looks like there.
///
/// A conformance stands in a module's `RPC/` folder, and the module lists it in its `calls`.
package protocol RPC: CalledOperation {
  associatedtype Request: SwiftProtobuf.Message
  associatedtype Response: SwiftProtobuf.Message

  static var method: MethodDescriptor { get }

  /// Parses the request. Throws `InvalidInput` with each field that is wrong.
  init(_ request: Request, by caller: Caller) throws

  static func response(_ output: Output) throws -> Response
}

extension RPC where Output == Void {
  package static func response(_ output: Void) -> Response { Response() }
}

/// An operation whose answer is a stream of messages.
///
/// The call is let in and audited before the first message; what the stream then fails with has no
/// audit row of its own. It takes no idempotency key.
package protocol StreamingRPC: CalledOperation
where Output: AsyncSequence, Output.Element: Sendable {
  associatedtype Request: SwiftProtobuf.Message
  associatedtype Response: SwiftProtobuf.Message

  static var method: MethodDescriptor { get }

  /// Parses the request. Throws `InvalidInput` with each field that is wrong.
  init(_ request: Request, by caller: Caller) throws

  static func response(_ element: Output.Element) throws -> Response
}

extension RPC where Context.Home: Sendable {
  /// Answers one request of the call under way in `module`: parses it, runs the operation as its
  /// caller, and encodes its output.
  package static func answer(_ request: Request, in module: Context.Home) async throws -> Response {
    let caller = try Caller.current()
    let operation = try Self(request, by: caller)
    let result = try await module.call(operation, as: caller) {
      try request.deterministicBytes
    } answer: { output in
      try response(output).serializedBytes()
    }
    switch result {
    case .ran(let output): return try response(output)
    case .repeated(let bytes): return try Response(serializedBytes: bytes)
    }
  }
}

extension StreamingRPC {
  /// Runs the operation of one request as its caller; its output is the stream.
  package static func begin(_ request: Request, in module: Context.Home) async throws -> Output {
    let caller = try Caller.current()
    return try await module.process(try Self(request, by: caller), as: caller)
  }
}

extension SwiftProtobuf.Message {
  /// The same for equal messages, whether they came as JSON or in binary, and whether a field that
  /// isn't set is known to this version or not.
  fileprivate var deterministicBytes: [UInt8] {
    get throws {
      var options = BinaryEncodingOptions()
      options.useDeterministicOrdering = true
      return try serializedBytes(options: options)
    }
  }
}
