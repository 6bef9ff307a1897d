import GRPCCore
import GRPCProtobuf
import HTTPEdge
import Logging
import NIOCore
import Platform
import ServiceLifecycle

/// One call at the edge, from its request's metadata to the last message of its answer.
///
/// gRPC runs a call in two parts: the handler, and afterwards the producer of the answer's messages.
/// Both see the same caller, trace and logger, end with the call, and have their failures turned
/// into statuses by one table.
struct CallEdge: Sendable {
  let scope: CallScope
  let request: RequestContext
  let context: ServerContext
  /// When the client stops waiting.
  let deadline: ContinuousClock.Instant?
  let ids: IdentifierSource
  let outcome: CallOutcome

  /// A client's timer starts before ours, by the time that its request needs to arrive here. A call
  /// that is cancelled this close to its deadline has reached it.
  private static let travelTime = Duration.milliseconds(250)

  /// Runs the handler. It goes on when the client goes away: what it does is then done, with its
  /// audit row, and a call that is repeated finds it. What it throws is a status.
  func run<R>(_ handler: () async throws -> R) async throws -> R {
    try await scope.run {
      do {
        return try await RequestContext.$current.withValue(request) { try await handler() }
      } catch {
        let status = status(of: error)
        outcome.record(Self.code(of: status))
        throw status
      }
    }
  }

  /// Runs the producer of the answer's messages, which is cancelled when the client goes away or
  /// its deadline passes. What it throws is a status.
  func produce<R: Sendable>(_ producer: @escaping @Sendable () async throws -> R) async throws -> R
  {
    try await run { try await cancelledWithCall(producer) }
  }

  private enum Event<R: Sendable>: Sendable {
    case ended(R)
    case callCancelled
    case nothing
  }

  /// gRPC announces a cancelled call by a handle and leaves the call's task as it is.
  private func cancelledWithCall<R: Sendable>(
    _ part: @escaping @Sendable () async throws -> R
  ) async throws -> R {
    try await withThrowingTaskGroup(of: Event<R>.self) { group in
      group.addTask { .ended(try await part()) }
      group.addTask {
        // A server that drains tells its calls by the same handle, and they are to be finished.
        guard (try? await context.cancellation.cancelled) != nil, !Task.isShuttingDownGracefully
        else { return .nothing }
        return .callCancelled
      }
      if let deadline {
        group.addTask {
          let hasPassed = (try? await Task.sleep(until: deadline, clock: .continuous)) != nil
          return hasPassed ? .callCancelled : .nothing
        }
      }
      for try await event in group {
        switch event {
        case .ended(let result):
          group.cancelAll()
          return result
        case .callCancelled: group.cancelAll()
        case .nothing: continue
        }
      }
      throw CancellationError()
    }
  }

  private func status(of error: any Error) -> any Error {
    let logger = scope.logger
    if let error = error as? any DomainError {
      logger.info("call refused", metadata: [LogKey.outcome: "\(error.reason)"])
      return GoogleRPCStatus(error)
    }
    if let code = cancellation(error) {
      logger.info(
        "call cancelled",
        metadata: [LogKey.outcome: "\(code)", LogKey.error: "\(error)"]
      )
      return RPCError(code: code, message: "the call was cancelled")
    }
    if error is GoogleRPCStatus { return error }
    if let error = error as? RPCError { return GoogleRPCStatus(error) }
    if let failure = DependencyUnavailable(error) {
      logger.warning(
        "call refused",
        metadata: [LogKey.outcome: "\(failure.reason)", LogKey.error: "\(error)"]
      )
      return GoogleRPCStatus(failure)
    }
    let id = ids.next(RequestContext.self).description
    logger.error("call failed", metadata: [LogKey.errorID: "\(id)", LogKey.error: "\(error)"])
    return GoogleRPCStatus(internalWithID: id)
  }

  /// The code of a call that nobody waits for any more, whatever its part then failed with; nil
  /// when somebody does.
  private func cancellation(_ error: any Error) -> RPCError.Code? {
    let isCancelled =
      error is CancellationError || error is ChannelError || error is NIOAsyncWriterError
      || (context.cancellation.isCancelled && !Task.isShuttingDownGracefully)
    guard isCancelled else { return nil }
    guard let deadline, deadline <= .now + Self.travelTime else { return .cancelled }
    return .deadlineExceeded
  }

  /// The code of a status, as metrics and the log name it.
  static func code(of error: any Error) -> String {
    switch error {
    case let status as GoogleRPCStatus: "\(status.code)"
    case let error as RPCError: "\(error.code)"
    default: "unknown"
    }
  }
}
