import SubscriptionFormats
import Testing

@Suite struct SubscriptionFormatTests {
  @Test(arguments: [
    ("v2rayN/6.42", SubscriptionFormat.v2ray),
    ("v2rayNG/1.9.5", .v2ray),
    ("Shadowrocket/2592 CFNetwork/1568", .v2ray),
    ("Mozilla/5.0 (X11; Linux x86_64)", .v2ray),
    ("", .v2ray),
    ("clash-verge/v2.0.3", .mihomo),
    ("ClashMetaForAndroid/2.11.7.Meta", .mihomo),
    ("FlClash/v0.8.80 clash-verge Platform/windows", .mihomo),
    ("mihomo/1.19.9", .mihomo),
    ("Stash/3.1.0 Clash/1.9.0", .mihomo),
    ("NekoBox/Android/1.3.4 (Prefer ClashMeta Format)", .mihomo),
    ("SFA/1.11.4 (341; sing-box 1.11.4; language zh_Hans_CN)", .singBox(.oneEleven)),
    ("SFI/1.12.0 (Build 1; sing-box 1.12.0; language en)", .singBox(.oneTwelve)),
    ("SFM/1.13.0-beta.2 (Build 1; sing-box 1.13.0-beta.2)", .singBox(.oneThirteen)),
    ("SFT/1.14.1", .singBox(.oneThirteen)),
    ("SFA/2.0 (sing-box 2.0)", .singBox(.oneThirteen)),
    ("SFA", .singBox(.oneThirteen)),
    ("sing-box 1.10.7", .singBox(.oneEleven)),
    ("singbox", .singBox(.oneThirteen)),
    ("HiddifyNext/2.5.7 (android) like ClashMeta v2ray sing-box", .singBox(.oneEleven)),
    ("sing-box/99999999999999999999.1", .singBox(.oneThirteen)),
  ])
  func `clients get the format they read`(userAgent: String, format: SubscriptionFormat) {
    #expect(SubscriptionFormat(userAgent: userAgent, query: nil) == format)
  }

  @Test(arguments: [
    ("v2ray", SubscriptionFormat.v2ray), ("base64", .v2ray), ("Clash", .mihomo), ("mihomo", .mihomo), ("sing-box", .singBox(.oneThirteen)),
    ("singbox", .singBox(.oneThirteen)), ("sing-box-1.11", .singBox(.oneEleven)), ("sing-box-1.12", .singBox(.oneTwelve)),
    ("sing-box-1.13", .singBox(.oneThirteen)),
  ])
  func `the format parameter is stronger than the User-Agent`(query: String, format: SubscriptionFormat) {
    #expect(SubscriptionFormat(userAgent: "v2rayN/6.42", query: query) == format)
    #expect(SubscriptionFormat(userAgent: "clash-verge/v2.0.3", query: query) == format)
  }

  @Test func `asked for sing-box, its version is still that of the User-Agent`() {
    #expect(SubscriptionFormat(userAgent: "SFA/1.11.4 (sing-box 1.11.4)", query: "sing-box") == .singBox(.oneEleven))
  }

  @Test func `an unknown format parameter counts for nothing`() {
    #expect(SubscriptionFormat(userAgent: "mihomo/1.19.9", query: "surge") == .mihomo)
  }
}
