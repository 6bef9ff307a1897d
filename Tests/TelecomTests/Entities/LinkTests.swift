import FieldViolations
import Platform
import Testing

@testable import Telecom

@Suite struct LinkTests {
  private let ids = IdentifierSource(clock: .system)

  @Test func `a token is read back from its link and from nothing else`() {
    let token = LinkToken(using: ids)
    #expect(LinkToken(token.text) == token)
    #expect(LinkToken(token.text + "=") == nil)
    #expect(LinkToken(String(token.text.dropLast())) == nil)
    #expect(LinkToken("") == nil)
    #expect(LinkToken("../../etc/passwd") == nil)
  }

  @Test func `a link has the token in the place of its placeholder`() {
    let token = LinkToken(using: ids)
    let template = LinkTemplate(
      name: "main",
      url: "https://host.example/subscribe/{SUBSCRIBE_TOKEN}?a=1"
    )
    #expect(template.url(for: token) == "https://host.example/subscribe/\(token.text)?a=1")
    #expect(template.violations == [])
  }

  @Test(arguments: [
    "https://host/subscribe/", "ftp://host/{SUBSCRIBE_TOKEN}",
    "https://host/{SUBSCRIBE_TOKEN}/{SUBSCRIBE_TOKEN}",
    "https://ho st/{SUBSCRIBE_TOKEN}",
  ])
  func `a template without exactly one token or a web address is refused`(url: String) {
    var settings = TelecomSettings()
    settings.links = [LinkTemplate(name: "main", url: url)]
    #expect(settings.violations().map(\.field) == ["links[0].url"])
  }

  @Test func `settings of an older version get the defaults of what they lack`() throws {
    let settings = try JSON.decode(
      TelecomSettings.self,
      from: Array(#"{"profile_title":"Fast"}"#.utf8)
    )
    #expect(settings.profileTitle == "Fast")
    #expect(settings.pullIntervalSeconds == TelecomSettings().pullIntervalSeconds)
    #expect(settings.violations() == [])
    #expect(try JSON.decode(TelecomSettings.self, from: JSON.encode(settings)) == settings)
  }

  @Test func `wrong settings are named by their field`() {
    var settings = TelecomSettings()
    settings.links = []
    settings.subscriptionsPerAccount = 0
    settings.pushIntervalSeconds = 0
    settings.webPageURL = "example.com"
    #expect(
      settings.violations().map(\.field) == [
        "links", "subscriptions_per_account", "web_page_url", "push_interval_seconds",
      ]
    )
  }
}
