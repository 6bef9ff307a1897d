/// Puts a load on a worker and reads what that costs it and PostgreSQL.
struct Meter: Sendable {
  let service: Int32
  let postgres: Int32
  let load: LoadGenerator

  struct Reading: Sendable {
    let result: LoadGenerator.Result
    /// Milliseconds of CPU per request.
    let service: Double
    let postgres: Double

    func figure(_ name: String, aim: Double? = nil) -> Figure {
      Figure(
        name: name,
        value: service,
        unit: "ms",
        aim: aim.map(Aim.atMost),
        detail: """
          \(readable(1_000 / service))/s per core; \(readable(result.perSecond))/s seen, p50 \(readable(result.p50)) ms, \
          p99 \(readable(result.p99)) ms; PostgreSQL \(readable(postgres)) ms
          """
      )
    }
  }

  /// - Parameter refused: the part of answers that may be 4xx or 5xx; any other means that the
  ///   wrong thing was measured.
  func run(
    port: Int,
    _ requests: [LoadGenerator.Request],
    connections: Int,
    refused: ClosedRange<Double>
  ) async throws -> Reading {
    let before = (
      try ProcessUsage(of: service).cpuMilliseconds,
      try ProcessUsage.cpuMilliseconds(ofTree: postgres)
    )
    let result = try await load.run(port: port, requests, connections: connections)
    let after = (
      try ProcessUsage(of: service).cpuMilliseconds,
      try ProcessUsage.cpuMilliseconds(ofTree: postgres)
    )
    guard result.requests > 0, refused.contains(result.refused / result.requests) else {
      throw Program.Failure(
        description:
          "\(Int(result.refused)) of \(Int(result.requests)) requests were refused: \(requests[0].path)"
      )
    }
    return Reading(
      result: result,
      service: (after.0 - before.0) / result.requests,
      postgres: (after.1 - before.1) / result.requests
    )
  }
}
