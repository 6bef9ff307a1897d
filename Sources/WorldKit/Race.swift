/// Runs `body` in `count` tasks at once, each with its number from 0; what succeeded, and the errors
/// of the others.
package func race<R: Sendable>(
  _ count: Int,
  _ body: @escaping @Sendable (Int) async throws -> R
) async -> (succeeded: [R], failed: [any Error]) {
  await withTaskGroup(of: Result<R, any Error>.self) { group in
    for number in 0..<count {
      group.addTask {
        do { return .success(try await body(number)) } catch { return .failure(error) }
      }
    }
    return await group.reduce(into: (succeeded: [], failed: [])) { results, result in
      switch result {
      case .success(let value): results.succeeded.append(value)
      case .failure(let error): results.failed.append(error)
      }
    }
  }
}

/// The same where the tasks are alike.
package func race<R: Sendable>(
  _ count: Int,
  _ body: @escaping @Sendable () async throws -> R
) async -> (succeeded: [R], failed: [any Error]) {
  await race(count) { _ in try await body() }
}
