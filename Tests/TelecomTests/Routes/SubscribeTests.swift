import AgentProtocols
import Contracts
import FoundationEssentials
import HTTPTypes
import Platform
import SubscriptionFormats
import Testing
import WorldKit

@testable import Telecom

@Suite struct SubscribeTests {
  private func link(_ routes: RouterClient, _ query: String = "") async throws -> String {
    "/subscribe/\(try await routes.telecom.subscription().linkToken.text)\(query)"
  }

  @Test func `each client gets its format, with the subscription's numbers in the headers`()
    async throws
  {
    try await withRoutes { routes in
      let queued = try await routes.telecom.queue()
      try await routes.telecom.use(321, of: queued.items[0])
      let clients = [
        ("v2rayN/6.0", "text/plain; charset=utf-8"), ("mihomo/1.19", "text/yaml; charset=utf-8"),
        ("SFA/1.12 (sing-box 1.12.0)", "application/json; charset=utf-8"),
      ]
      for (agent, contentType) in clients {
        let answer = try await routes.send(try await link(routes), headers: ["User-Agent": agent])
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == contentType)
        let expires = (routes.telecom.now + .seconds(30 * TelecomWorld.day)).seconds
        #expect(
          answer.header("subscription-userinfo")
            == "upload=0; download=321; total=1000; expire=\(expires)"
        )
        #expect(answer.header("profile-update-interval") == "12")
        #expect(answer.header("cache-control") == "private, no-cache")
      }
      let named = try await routes.send(
        try await link(routes, "?format=mihomo"),
        headers: ["User-Agent": "v2rayN/6.0"]
      )
      #expect(named.text.contains("oslo.example.com") && named.text.contains("Oslo"))
    }
  }

  @Test func `an unchanged document is answered without a body, and with fresh numbers`()
    async throws
  {
    try await withRoutes { routes in
      let queued = try await routes.telecom.queue()
      let first = try await routes.send(try await link(routes))
      let tag = try #require(first.tag)
      try await routes.telecom.use(500, of: queued.items[0])
      for known in [tag, "W/\(tag)", "\"other\", \(tag)"] {
        let answer = try await routes.send(
          try await link(routes),
          headers: ["If-None-Match": known]
        )
        #expect(answer.status == 304)
        #expect(answer.body.isEmpty)
        #expect(answer.header("subscription-userinfo")?.contains("download=500") == true)
      }
      let other = try await routes.send(
        try await link(routes, "?format=mihomo"),
        headers: ["If-None-Match": tag]
      )
      #expect(other.status == 200)

      _ = try await routes.telecom.telecom.process(
        CreateNodeClient(
          spec: try NodeClient.Spec(
            server: routes.telecom.server.server.id,
            name: "Bergen",
            host: "bergen.example.com",
            groups: [routes.telecom.group.id]
          )
        ),
        as: routes.telecom.admin
      )
      let changed = try await routes.send(try await link(routes), headers: ["If-None-Match": tag])
      #expect(changed.status == 200)
      #expect(changed.tag != tag)
    }
  }

  @Test func `a new credential makes the old document stale`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let first = try await routes.send(try await link(routes))
      let id = try await routes.telecom.subscription().id
      _ = try await routes.telecom.telecom.process(
        Subscription.ReplaceCredential(credential: routes.telecom.world.ids.randomUUID(), id: id)
      )
      let second = try await routes.send(
        try await link(routes),
        headers: ["If-None-Match": first.tag ?? ""]
      )
      #expect(second.status == 200 && second.body != first.body)
    }
  }

  @Test func `HEAD has the headers of GET and no body`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let get = try await routes.send(try await link(routes))
      let head = try await routes.send(try await link(routes), method: .head)
      #expect(head.status == 200)
      #expect(head.body.isEmpty)
      #expect(head.tag == get.tag)
      #expect(head.header("subscription-userinfo") == get.header("subscription-userinfo"))
      #expect(head.header("content-length") == String(get.body.count))
    }
  }

  @Test func `an unknown link is not found`() async throws {
    try await withRoutes { routes in
      let token = LinkToken(using: routes.telecom.world.ids).text
      for path in ["/subscribe/\(token)", "/subscribe/\(token)=", "/subscribe/x"] {
        let answer = try await routes.send(path)
        #expect(answer.status == 404)
        #expect(answer.text == "No such subscription.\n")
        #expect(answer.tag == nil)
      }
    }
  }

  @Test func `a subscription without nodes gets a valid profile that says why`() async throws {
    try await withRoutes { routes in
      func notice() async throws -> String {
        let answer = try await routes.send(try await link(routes, "?format=mihomo"))
        #expect(answer.status == 200)
        return try #require(SubscriptionNotice.allCases.first { answer.text.contains($0.text) })
          .text
      }
      try await routes.telecom.telecom.process(EnsureSubscription(account: routes.telecom.account))
      #expect(try await notice() == SubscriptionNotice.noPlan.text)

      let exhausted = try await routes.telecom.queue()
      try await routes.telecom.use(TelecomWorld.quota, of: exhausted.items[0])
      #expect(try await notice() == SubscriptionNotice.exhausted.text)
      #expect(try await routes.telecom.statuses(of: exhausted.subscription) == [.consumed])

      routes.telecom.world.clock.advance(by: .seconds(1))
      try await routes.telecom.queue()
      routes.telecom.world.clock.advance(by: .seconds(30 * TelecomWorld.day))
      #expect(try await notice() == SubscriptionNotice.expired.text)

      routes.telecom.accounts.setBanned(true, routes.telecom.account)
      try await routes.telecom.telecom.process(ApplyStanding(account: routes.telecom.account))
      #expect(try await notice() == SubscriptionNotice.banned.text)
    }
  }

  @Test func `a fetch starts the package that comes after an expired one`() async throws {
    try await withRoutes { routes in
      let queued = try await routes.telecom.queue(2)
      routes.telecom.world.clock.advance(by: .seconds(30 * TelecomWorld.day))
      let answer = try await routes.send(try await link(routes, "?format=mihomo"))
      #expect(answer.text.contains("oslo.example.com"))
      #expect(try await routes.telecom.statuses(of: queued.subscription) == [.consumed, .active])
    }
  }

  @Test func `fetches are noted in batches`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      _ = try await routes.send(try await link(routes))
      #expect(try await routes.telecom.subscription().lastFetchedAt == nil)
      try await routes.fetches.flush()
      #expect(try await routes.telecom.subscription().lastFetchedAt == routes.telecom.now)
    }
  }

  @Test func `a client that is too old for a node gets the others`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      try await routes.telecom.serveHysteria2()
      func body(_ agent: String) async throws -> String {
        let answer = try await routes.send(try await link(routes), headers: ["User-Agent": agent])
        let text = try #require(Data(base64Encoded: answer.text))
        return String(decoding: text, as: UTF8.self)
      }
      #expect(try await body("v2rayN/6.31").contains("hysteria2://"))
      let old = try await body("v2rayN/6.30")
      #expect(!old.contains("hysteria2://") && old.contains("ss://"))
    }
  }

  @Test
  func `clients that fetch their profile anew are told the link of the domain that they asked`()
    async throws
  {
    var settings = TelecomSettings()
    settings.links = [
      LinkTemplate(name: "first", url: "https://one.example.com/s/\(LinkTemplate.placeholder)"),
      LinkTemplate(name: "second", url: "http://LOCALHOST/s?token=\(LinkTemplate.placeholder)"),
    ]
    try await withRoutes(settings: settings) { routes in
      try await routes.telecom.queue()
      let token = try await routes.telecom.subscription().linkToken
      let surge = try await routes.send(
        try await link(routes),
        headers: ["User-Agent": "Surge iOS/2985"]
      )
      #expect(surge.text.hasPrefix("#!MANAGED-CONFIG http://LOCALHOST/s?token=\(token.text) "))
      let named = try await routes.send(
        try await link(routes, "?format=surge"),
        headers: ["User-Agent": "curl/8"]
      )
      #expect(
        named.text.hasPrefix(
          "#!MANAGED-CONFIG http://LOCALHOST/s?token=\(token.text)&format=surge "
        )
      )
      #expect(named.tag != surge.tag)
      #expect(
        settings.link(for: token, host: "other.example.com")
          == "https://one.example.com/s/\(token.text)"
      )
      #expect(
        settings.link(for: token, format: "surge")
          == "https://one.example.com/s/\(token.text)?format=surge"
      )
    }
  }

  @Test func `a new link makes only those documents stale that name it`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let surge = try await routes.send(try await link(routes, "?format=surge"))
      let mihomo = try await routes.send(try await link(routes, "?format=mihomo"))
      let subscription = try await routes.telecom.subscription()
      _ = try await routes.telecom.telecom.process(
        ResetLink(subscription: subscription.id, account: routes.telecom.account)
      )
      #expect(
        try await routes.send(
          try await link(routes, "?format=surge"),
          headers: ["If-None-Match": surge.tag ?? ""]
        ).status == 200
      )
      #expect(
        try await routes.send(
          try await link(routes, "?format=mihomo"),
          headers: ["If-None-Match": mihomo.tag ?? ""]
        ).status == 304
      )
    }
  }

  @Test func `clients are told when traffic starts anew, and what the operator has to say`()
    async throws
  {
    var settings = TelecomSettings()
    settings.announcement = "Wartung am 3. März"
    settings.webPageURL = "https://example.com/account"
    settings.supportURL = "https://example.com/help"
    settings.profileTitle = "Größe, \"eins\""
    try await withRoutes(settings: settings) { routes in
      try await routes.telecom.deliver(.monthly)
      try await routes.telecom.queue()
      let answer = try await routes.send(try await link(routes))
      let resets = try #require(try await routes.telecom.subscription().active?.resetsAt)
      #expect(answer.header("subscription-refill-date") == String(resets.seconds))
      #expect(
        answer.header("announce") == "base64:"
          + Data("Wartung am 3. März".utf8).base64EncodedString()
      )
      #expect(answer.header("profile-web-page-url") == "https://example.com/account")
      #expect(answer.header("support-url") == "https://example.com/help")
      #expect(
        answer.header("content-disposition")
          == "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%2C%20%22eins%22"
      )
    }
  }

  @Test func `the cache keeps what was used last, up to its bytes`() async throws {
    func key(_ notice: SubscriptionNotice) -> DocumentCache.Key {
      DocumentCache.Key(
        source: .notice(notice),
        client: SubscriptionClient(format: .mihomo),
        options: DocumentOptions()
      )
    }
    let size = SharedDocument(PreparedDocument(notice: .noPlan, format: .mihomo)).size
    let cache = DocumentCache(maxBytes: size * 5 / 2)
    var prepared: [SubscriptionNotice] = []
    for notice in [SubscriptionNotice.noPlan, .expired, .noPlan, .banned, .noPlan, .expired] {
      _ = try await cache.document(key(notice)) {
        prepared.append(notice)
        return PreparedDocument(notice: notice, format: .mihomo)
      }
    }
    #expect(prepared == [.noPlan, .expired, .banned, .expired])
    #expect(cache.count == 2)
  }
}
