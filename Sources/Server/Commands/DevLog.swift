import Platform
import Synchronization

/// The merged log of `helium dev`: a line is whole, and marked with its worker.
final class DevLog: Sendable {
  private let say: @Sendable (String) -> Void
  private let turn = Mutex(())

  init(_ say: @escaping @Sendable (String) -> Void) {
    self.say = say
  }

  private static let width = WorkMode.allCases.map(\.rawValue.count).max() ?? 0

  /// A line of `helium dev` itself.
  func write(_ text: String) {
    turn.withLock { _ in say(text) }
  }

  func write(_ line: String, of worker: WorkMode) {
    let name = worker.rawValue
    write("\(name)\(String(repeating: " ", count: Self.width - name.count)) | \(line)")
  }
}
