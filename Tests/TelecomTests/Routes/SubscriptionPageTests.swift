import FieldViolations
import FoundationEssentials
import HTTPTypes
import Platform
import SubscriptionFormats
import Testing
import WorldKit

@testable import Telecom

@Suite struct SubscriptionPageTests {
  private static let browser = [
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  ]

  private func page(
    _ settings: TelecomSettings = TelecomSettings(),
    _ body: (RouterClient, RouterClient.Answer) async throws -> Void
  ) async throws {
    try await withRoutes(settings: settings) { routes in
      let queued = try await routes.telecom.queue()
      try await routes.telecom.use(250, of: queued.items[0])
      try await body(routes, try await routes.send(try await path(routes), headers: Self.browser))
    }
  }

  private func path(_ routes: RouterClient) async throws -> String {
    "/subscribe/\(try await routes.telecom.subscription().linkToken.text)"
  }

  @Test func `a browser sees what is left, until when, and the link`() async throws {
    var settings = TelecomSettings()
    settings.supportURL = "https://example.com/help"
    try await page(settings) { routes, answer in
      #expect(answer.status == 200)
      #expect(answer.header("content-type") == "text/html; charset=utf-8")
      #expect(answer.header("content-disposition") == nil)
      #expect(answer.tag == nil)
      let text = answer.text
      #expect(text.contains(#"<progress class="good" max="1000" value="250""#))
      #expect(text.contains("250 B of 1000 B") && text.contains("<strong>750 B</strong>"))
      let expires = Date(
        timeIntervalSince1970: Double(
          (routes.telecom.now + .seconds(30 * TelecomWorld.day)).seconds
        )
      )
      #expect(text.contains("\(expires.formatted(.iso8601).prefix(10)) "))
      let link = TelecomSettings().link(for: try await routes.telecom.subscription().linkToken)
      #expect(text.contains(#"value="\#(link)""#))
      #expect(text.contains(#"href="https://example.com/help""#) && !text.contains("My account"))
      #expect(!text.contains("{{"))
    }
  }

  @Test func `the page is nobody else's, and runs nothing but its own script`() async throws {
    try await page { _, answer in
      #expect(answer.header("cache-control") == "no-store")
      #expect(answer.header("referrer-policy") == "no-referrer")
      #expect(answer.header("x-robots-tag") == "noindex")
      #expect(answer.header("vary") == "Accept, User-Agent")
      let policy = try #require(answer.header("content-security-policy"))
      #expect(policy.hasPrefix("default-src 'none'; ") && !policy.contains("unsafe"))
      for element in ["style", "script"] {
        let parts = answer.text.components(of: element)
        #expect(parts.count == 1)
        let source = try #require(
          policy.split(separator: "; ").first { $0.hasPrefix("\(element)-src 'sha256-") }
        )
        let digest = try #require(
          Data(base64Encoded: String(source.split(separator: "'")[1].dropFirst("sha256-".count)))
        )
        // An entity tag is the first half of the same digest.
        #expect(digest.count == 32)
        #expect(
          digest.prefix(16).map { $0 }.hexadecimal
            == EntityTag(of: Array((parts.first ?? "").utf8)).text
        )
      }
    }
  }

  @Test func `names and settings of any kind stay text`() async throws {
    func tags(_ settings: TelecomSettings) async throws -> [Int] {
      var counts: [Int] = []
      try await page(settings) { _, answer in
        #expect(answer.text.components(of: "script") == [SubscriptionPage.script])
        // What begins and ends tags and attributes.
        let rest = answer.text.replacing(SubscriptionPage.script, with: "").replacing(
          SubscriptionPage.style,
          with: ""
        )
        let marks: [Character] = ["<", ">", "\"", "'"]
        counts = marks.map { mark in rest.count { $0 == mark } }
      }
      return counts
    }
    func settings(_ hostile: String, inURL: String) -> TelecomSettings {
      var settings = TelecomSettings()
      settings.profileTitle = "T\(hostile)"
      settings.announcement = "A\(hostile)"
      settings.links = [
        LinkTemplate(name: "one", url: "http://localhost/\(inURL)\(LinkTemplate.placeholder)")
      ]
      settings.webPageURL = "https://example.com/\(inURL)"
      settings.supportURL = "https://example.com/\(inURL)"
      return settings
    }
    let plain = try await tags(settings("", inURL: ""))
    for hostile in [
      "</title><script>alert(1)</script>", "\"><img src=x onerror='alert(1)'>",
      "{{{script}}}&lt;🇳🇴, \u{202E}",
    ] {
      let written = settings(hostile, inURL: String(hostile.filter { $0.isASCII && $0 != " " }))
      #expect(written.violations().isEmpty)
      #expect(try await tags(written) == plain)
    }
  }

  @Test func `only browsers get the page, and only where no format is named`() async throws {
    try await page { routes, _ in
      let path = try await path(routes)
      var clash = Self.browser
      clash["User-Agent"] =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ClashforWindows/0.20.39 Electron/22.0.0"
      let others: [(String, [String: String])] = [
        (path + "?format=mihomo", Self.browser), (path, clash),
        (path, ["User-Agent": "curl/8", "Accept": "text/html"]),
        (path, ["User-Agent": Self.browser["User-Agent"] ?? "", "Accept": "*/*"]),
      ]
      for (path, headers) in others {
        let answer = try await routes.send(path, headers: headers)
        #expect(answer.status == 200)
        #expect(answer.header("content-type")?.hasPrefix("text/html") == false)
        #expect(answer.header("vary") == "Accept, User-Agent")
      }
      let unknown = try await routes.send(
        "/subscribe/\(LinkToken(using: routes.telecom.world.ids).text)",
        headers: Self.browser
      )
      #expect(unknown.status == 404)
      let head = try await routes.send(path, method: .head, headers: Self.browser)
      #expect(head.status == 200 && head.body.isEmpty && head.header("cache-control") == "no-store")
    }
  }

  @Test func `more traffic than any quota is a full bar`() async throws {
    try await withRoutes { routes in
      let queued = try await routes.telecom.queue()
      try await routes.telecom.world.execute(
        """
        UPDATE telecom.package_queue SET upload = \(UsageTally.largestTotal), download = \(UsageTally.largestTotal),
          adjust_quota = 1 - \(TelecomWorld.quota)
        """
      )
      #expect(queued.items.count == 1)
      let answer = try await routes.send(try await path(routes), headers: Self.browser)
      #expect(
        answer.status == 200
          && answer.text.contains(#"<progress class="out" max="1000" value="1000""#)
      )
      #expect(answer.text.contains("You can connect again with another plan."))
    }
  }

  @Test func `a subscription that can't be used says why, with when its traffic comes back`()
    async throws
  {
    try await withRoutes { routes in
      try await routes.telecom.deliver(.monthly)
      let queued = try await routes.telecom.queue()
      try await routes.telecom.use(TelecomWorld.quota, of: queued.items[0])
      let answer = try await routes.send(try await path(routes), headers: Self.browser)
      #expect(
        answer.text.contains(#"<p class="status off">\#(SubscriptionNotice.exhausted.text)</p>"#)
      )
      #expect(answer.text.contains("<dt>Traffic resets</dt>"))
      #expect(answer.text.contains(#"<progress class="out" max="1000" value="1000""#))
      #expect(answer.text.contains("another plan"))
    }
  }

  @Test func `each client's import link leads to the link`() {
    let link = "https://sub.example.com/s?t=a&b=ü"
    let urls = ImportLinks(to: link, title: "Größe, 1").urls
    let encoded = "https%3A%2F%2Fsub.example.com%2Fs%3Ft%3Da%26b%3D%C3%BC"
    #expect(urls["clash"] == "clash://install-config?url=\(encoded)&name=Gr%C3%B6%C3%9Fe%2C%201")
    #expect(
      urls["sing_box"] == "sing-box://import-remote-profile?url=\(encoded)#Gr%C3%B6%C3%9Fe%2C%201"
    )
    #expect(
      urls["shadowrocket"]?.hasPrefix(
        "shadowrocket://add/sub://\(Array(link.utf8).base64URL)?remark="
      ) == true
    )
    #expect(urls["quantumult_x"]?.contains("tag%3DGr%C3%B6%C3%9Fe%20%201") == true)
    #expect(urls["outline"] == "ssconf://sub.example.com/s?t=a&b=ü")
    #expect(ImportLinks(to: "http://sub.example.com", title: "x").urls["outline"]?.isEmpty == true)
  }

  @Test func `bytes are told in the largest unit`() {
    let texts: [(Int64, String)] = [
      (0, "0 B"), (1_023, "1023 B"), (1_024, "1.00 KiB"), (1_536, "1.50 KiB"),
      ((1 << 20) - 1, "1.00 MiB"), (107_374_182_400, "100.00 GiB"),
      (.max, "8.00 EiB"),
    ]
    for (bytes, text) in texts { #expect(SubscriptionPage.text(ofBytes: bytes) == text) }
  }

  @Test func `a QR code has its three corners, and its path all its dark modules`() throws {
    let code = try #require(
      QRCode("https://sub.example.com/subscribe/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    )
    #expect(code.width >= 21 && (code.width - 21).isMultiple(of: 4))
    for (left, top) in [(0, 0), (code.width - 7, 0), (0, code.width - 7)] {
      for y in 0..<7 {
        for x in 0..<7 {
          let isRing = x == 0 || x == 6 || y == 0 || y == 6
          let isCentre = (2...4).contains(x) && (2...4).contains(y)
          #expect(code.isDark(x: left + x, y: top + y) == (isRing || isCentre))
        }
      }
    }
    // The one module that is always dark, which tells rows from columns.
    #expect(code.isDark(x: 8, y: code.width - 8))
    let drawn = code.path.split(separator: "h").dropFirst().compactMap {
      Int($0.prefix { $0.isNumber })
    }.reduce(0, +)
    let dark = (0..<code.width * code.width).count {
      code.isDark(x: $0 % code.width, y: $0 / code.width)
    }
    #expect(drawn == dark)
    #expect(QRCode("") == nil)
    #expect(QRCode(String(repeating: "x", count: 3_000)) == nil)
  }
}

extension String {
  /// The contents of all elements of that name, which have no attributes.
  fileprivate func components(of element: String) -> [String] {
    split(separator: "<\(element)", omittingEmptySubsequences: false).dropFirst().map { part in
      String(
        part.dropFirst().split(separator: "</\(element)>", omittingEmptySubsequences: false)[0]
      )
    }
  }
}
