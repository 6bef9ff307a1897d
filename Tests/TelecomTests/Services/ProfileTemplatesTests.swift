import FieldViolations
import FoundationEssentials
import Platform
import SubscriptionFormats
import Testing
import WorldKit

@testable import Telecom

@Suite struct ProfileTemplatesTests {
  private static let profile = """
    mixed-port: 7899
    proxy-groups:
      - { name: Everything, type: select, proxies: [$nodes] }
      - { name: Japan, type: select, proxies: [/Tokyo/] }
    rules:
      - MATCH,Everything
    """

  @Test func `a profile that can't be read is refused with its format and line`() throws {
    var settings = TelecomSettings()
    settings.templates = ProfileTemplates([
      "mihomo": Self.profile, "clash": "mixed-port: 7890\nproxy-groups: [", "v2ray": "x",
      "netscape": "x",
    ])
    let violations = settings.violations()
    #expect(
      violations.map(\.field) == ["templates.clash", "templates.netscape", "templates.v2ray"]
    )
    #expect(violations.first?.description.hasPrefix("line 2: ") == true)
    settings.templates = ProfileTemplates(["mihomo": Self.profile])
    #expect(settings.violations().isEmpty)
  }

  @Test func `profiles are a part of the settings' document`() throws {
    var settings = TelecomSettings()
    settings.templates = ProfileTemplates(["mihomo": Self.profile])
    settings.announcement = "Hello"
    let read = try JSON.decode(TelecomSettings.self, from: JSON.encode(settings))
    #expect(read == settings)
    #expect(read.templates[.mihomo] == settings.templates[.mihomo])
    #expect(try JSON.decode(TelecomSettings.self, from: Array("{}".utf8)) == TelecomSettings())
    settings.announcement = "two\nlines"
    #expect(settings.violations().map(\.field) == ["announcement"])
  }

  @Test func `clients of the format get the operator's profile, others their own`() async throws {
    var settings = TelecomSettings()
    settings.templates = ProfileTemplates(["mihomo": Self.profile])
    try await withRoutes(settings: settings) { routes in
      try await routes.telecom.queue()
      let path = "/subscribe/\(try await routes.telecom.subscription().linkToken.text)"
      let mihomo = try await routes.send(path, headers: ["User-Agent": "mihomo/1.19"])
      #expect(
        mihomo.text.contains("7899") && mihomo.text.contains("Everything")
          && mihomo.text.contains("oslo.example.com")
      )
      #expect(!mihomo.text.contains("Japan"))
      let stash = try await routes.send(path, headers: ["User-Agent": "Stash/3.3"])
      #expect(!stash.text.contains("7899") && stash.text.contains("oslo.example.com"))
    }
  }

  @Test func `a changed profile changes the tag`() async throws {
    try await withTelecom { world in
      try await world.queue()
      let token = try await world.subscription().linkToken
      let cache = DocumentCache()
      var settings = TelecomSettings()
      func fetch() async throws -> EntityTag? {
        let telecom = Telecom(
          database: world.telecom.database,
          gate: world.telecom.gate,
          clock: world.telecom.clock,
          ids: world.world.ids,
          redis: world.telecom.redis,
          settings: Settings(fixed: settings),
          accounts: world.accounts,
          logger: world.telecom.logger
        )
        let fetch = FetchSubscription(
          token: token,
          client: SubscriptionClient(format: .mihomo),
          host: nil,
          namesFormat: false,
          known: nil,
          device: nil,
          links: telecom.linkReads,
          cache: cache
        )
        return try await telecom.process(fetch)?.profile.tag
      }
      let plain = try await fetch()
      settings.templates = ProfileTemplates(["mihomo": Self.profile])
      let own = try await fetch()
      #expect(plain != own)
      #expect(try await fetch() == own)
      settings.templates = ProfileTemplates(["mihomo": Self.profile.replacing("7899", with: "7898")]
      )
      #expect(try await fetch() != own)
      settings.templates = ProfileTemplates()
      #expect(try await fetch() == plain)
    }
  }

  @Test func `operators see what a profile makes of sample nodes before it is in effect`()
    async throws
  {
    try await withTelecom { world in
      let preview = try PreviewProfile(format: "mihomo", text: Self.profile)
      let document = try await world.telecom.process(preview, as: world.admin).document
      #expect(
        document.contains("7899") && document.contains("Japan")
          && document.contains("tokyo2.example.com")
      )
      #expect(world.audit.entries.last?.target == AuditTarget("profile", "mihomo"))
      for format in SubscriptionFormat.all {
        let preview = try await world.telecom.process(
          try PreviewProfile(format: format.name, text: ""),
          as: world.admin
        )
        #expect(!preview.document.isEmpty && preview.contentType == format.contentType)
      }
      let wrong = #expect(throws: InvalidInput.self) {
        try PreviewProfile(format: "mihomo", text: "a: [")
      }
      #expect(wrong?.violations.first?.description.hasPrefix("line 1: ") == true)
      #expect(throws: InvalidInput.self) { try PreviewProfile(format: "netscape", text: "") }
      #expect(throws: InvalidInput.self) { try PreviewProfile(format: "loon", text: "x") }
    }
  }
}
