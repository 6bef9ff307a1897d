import Foundation
import SubscriptionFormats
import Testing

@Suite struct SubscriptionInfoTests {
  private var info = SubscriptionInfo(
    upload: 1,
    download: 2_000_000_000_000,
    total: 3_000_000_000_000,
    expires: 1_800_000_000,
    title: "Helium ☁️"
  )

  @Test func `usage, quota and expiry are in one header`() {
    #expect(
      value("subscription-userinfo")
        == "upload=1; download=2000000000000; total=3000000000000; expire=1800000000"
    )
  }

  @Test mutating func `without expiry there is none in the header`() {
    info.expires = nil
    info.total = nil
    #expect(value("subscription-userinfo") == "upload=1; download=2000000000000; total=0")
  }

  @Test func `a title of any script fits into headers`() throws {
    let title = try #require(value("profile-title"))
    #expect(Data(base64Encoded: String(title.dropFirst("base64:".count))) == Data("Helium ☁️".utf8))
    #expect(
      value("content-disposition") == "attachment; filename*=UTF-8''Helium%20%E2%98%81%EF%B8%8F"
    )
  }

  @Test mutating func `no value can begin another header`() {
    info.title = "a\r\nset-cookie: b"
    info.webPageURL = "https://example.com/\r\nx: y"
    info.supportURL = "https://example.com/ü"
    #expect(info.headers.allSatisfy { $0.value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } })
    #expect(value("profile-web-page-url") == "https://example.com/%0D%0Ax:%20y")
    #expect(value("support-url") == "https://example.com/%C3%BC")
  }

  @Test func `links that are not there have no header`() {
    #expect(
      info.headers.map(\.name) == [
        "subscription-userinfo", "profile-update-interval", "profile-title", "content-disposition",
      ]
    )
    #expect(value("profile-update-interval") == "12")
  }

  private func value(_ name: String) -> String? {
    info.headers.first { $0.name == name }?.value
  }
}
