package import HTTPEdge
package import Hummingbird
package import Platform

extension Telecom {
  package func addRoutes(of worker: WorkMode, to router: Router<HTTPCall>) {
    switch worker {
    case .subscribeAPI: addSubscribeRoutes(to: router)
    case .nodeAPI: addNodeRoutes(to: router)
    default: break
    }
  }

  /// Adds `GET` and `HEAD /subscribe/{token}`.
  private func addSubscribeRoutes(to router: Router<HTTPCall>) {
    let routes = SubscribeRoutes(
      telecom: self,
      fetches: fetches,
      links: linkReads,
      cache: DocumentCache()
    )
    let group = router.group("subscribe").add(middleware: HTTPFailures(ids: ids))
    for method in [HTTPRequest.Method.get, .head] {
      group.on(":token", method: method) { request, context in
        try await routes.subscribe(request, token: context.parameters.get("token"))
      }
    }
  }

  /// Adds UniProxy and mod_mu for node agents. Every action of UniProxy answers GET and POST alike,
  /// as the panels that agents were written for do.
  private func addNodeRoutes(to router: Router<HTTPCall>) {
    let lists = NodeUserListCache()
    let routes = NodeRoutes(telecom: self, lists: lists)
    let actions: [(RouterPath, @Sendable (Request) async throws -> Response)] = [
      ("config", routes.config), ("user", routes.user), ("push", routes.push),
      ("alive", routes.alive), ("alivelist", routes.aliveList),
      ("status", routes.status),
    ]
    // Xboard-Node knows the second address alone. v2node asks for its configuration there, and for
    // everything else at the first.
    let laterActions: [(RouterPath, @Sendable (Request) async throws -> Response)] = [
      ("handshake", routes.handshake), ("report", routes.report),
    ]
    let addresses: [(RouterPath, [(RouterPath, @Sendable (Request) async throws -> Response)])] = [
      ("api/v1/server/UniProxy", actions), ("api/v2/server", actions + laterActions),
    ]
    for (prefix, actions) in addresses {
      let group = router.group(prefix).add(middleware: HTTPFailures(ids: ids))
      for (path, action) in actions {
        for method in [HTTPRequest.Method.get, .post] {
          group.on(path, method: method) { request, _ in try await action(request) }
        }
      }
    }
    addModMuRoutes(to: router, lists: lists)
  }

  private func addModMuRoutes(to router: Router<HTTPCall>, lists: NodeUserListCache) {
    let routes = ModMuRoutes(telecom: self, lists: lists)
    let group = router.group("mod_mu").add(
      middleware: HTTPFailures(ids: ids, style: .modMu)
    )
    group.get("nodes/:id/info") { request, context in
      try await routes.info(request, node: context.parameters.get("id"))
    }
    group.post("nodes/:id/info") { request, context in
      try await routes.load(request, node: context.parameters.get("id"))
    }
    group.get("users") { request, _ in try await routes.users(request) }
    group.post("users/traffic") { request, _ in try await routes.traffic(request) }
    group.post("users/aliveip") { request, _ in try await routes.aliveIPs(request) }
    group.post("users/detectlog") { request, _ in try await routes.ruleHits(request) }
    group.get("func/detect_rules") { request, _ in try await routes.rules(request) }
    group.get("func/ping") { request, _ in try await routes.ping(request) }
  }
}
