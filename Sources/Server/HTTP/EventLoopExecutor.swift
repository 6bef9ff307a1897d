import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Runs tasks on an event loop's thread.
///
/// A request's task then runs where its bytes come in and go out. A fast answer needs no change of
/// thread, each of which costs as much as the answer. A long computation keeps the connections of
/// its loop waiting, which the pool that tasks run on otherwise would not: what is large, such as a
/// report of megabytes, takes some milliseconds.
final class EventLoopExecutor: TaskExecutor {
  private let loop: any EventLoop

  private init(_ loop: any EventLoop) {
    self.loop = loop
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }

  private static let executors = Mutex<[ObjectIdentifier: EventLoopExecutor]>([:])

  /// The executor of a loop. It is never released, as the loops are the process's own.
  static func of(_ loop: any EventLoop) -> EventLoopExecutor {
    executors.withLock { executors in
      if let executor = executors[ObjectIdentifier(loop)] { return executor }
      let executor = EventLoopExecutor(loop)
      executors[ObjectIdentifier(loop)] = executor
      return executor
    }
  }
}

/// A connection whose requests are handled on its event loop.
struct EventLoopChannel<Base: ServerChildChannel>: ServerChildChannel {
  let base: Base

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
    base.setup(channel: channel, logger: logger)
  }

  @concurrent func handle(value: Base.Value, logger: Logger) async {
    await withTaskExecutorPreference(EventLoopExecutor.of(value.channel.eventLoop)) {
      await base.handle(value: value, logger: logger)
    }
  }
}
