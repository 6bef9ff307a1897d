package import Hummingbird
package import Logging
import Platform
package import Redis

extension Telecom {
  /// Adds `GET` and `HEAD /subscribe/{token}`. `fetches` must run as a service beside them.
  package func addSubscribeRoutes<Context: Hummingbird.RequestContext>(to router: Router<Context>, recording fetches: FetchRecorder) {
    let routes = SubscribeRoutes(telecom: self, fetches: fetches, cache: DocumentCache())
    let group = router.group("subscribe").add(middleware: HTTPFailures<Context>(ids: ids))
    for method in [HTTPRequest.Method.get, .head] {
      group.on(":token", method: method) { request, context in
        try await routes.subscribe(request, token: context.parameters.get("token"))
      }
    }
  }

  /// Adds UniProxy for node agents. Every action answers GET and POST alike, as the panels that agents were written for do.
  package func addNodeRoutes<Context: Hummingbird.RequestContext>(to router: Router<Context>, redis: RedisClient) {
    let routes = NodeRoutes(telecom: self, redis: redis)
    let actions: [(RouterPath, @Sendable (Request) async throws -> Response)] = [
      ("config", routes.config), ("user", routes.user), ("push", routes.push), ("alive", routes.alive), ("alivelist", routes.aliveList),
      ("status", routes.status),
    ]
    // v2node asks for its configuration at the second address, and for everything else at the first.
    for prefix: RouterPath in ["api/v1/server/UniProxy", "api/v2/server"] {
      let group = router.group(prefix).add(middleware: HTTPFailures<Context>(ids: ids))
      for (path, action) in actions {
        for method in [HTTPRequest.Method.get, .post] {
          group.on(path, method: method) { request, _ in try await action(request) }
        }
      }
    }
  }

  /// Writes when links were fetched; a service for the worker that has the subscribe routes.
  package func fetchRecorder(logger: Logger) -> FetchRecorder {
    FetchRecorder(database: database, logger: logger)
  }

  /// Applies nodes' reports; a service for the consumer worker.
  package func trafficMerger(logger: Logger) -> TrafficMerger {
    TrafficMerger(telecom: self, logger: logger)
  }
}
