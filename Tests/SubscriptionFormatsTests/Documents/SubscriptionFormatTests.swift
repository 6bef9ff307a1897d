import SubscriptionFormats
import Testing

@Suite struct SubscriptionFormatTests {
  @Test(arguments: [
    ("v2rayN/6.42", SubscriptionFormat.v2ray),
    ("v2rayNG/1.9.5", .v2ray),
    ("Shadowrocket/2592 CFNetwork/1568", .shadowrocket),
    ("Surge iOS/2985", .surge),
    ("Surge Mac/2398", .surge),
    ("Surfboard/2.24.2 (com.getsurfboard; build:150)", .surfboard),
    ("Loon/637 CFNetwork/1568", .loon),
    ("Quantumult%20X/1.5.2 (iPhone14,2; iOS 17.5)", .quantumultX),
    ("Outline/1.14.0", .outline),
    ("ssconf", .outline),
    ("Shadowsocks/5.3.3 Android", .sip008),
    ("ClashforWindows/0.20.39", .clash),
    ("Clash/1.18.0", .clash),
    ("ClashX Pro/1.118.1", .clash),
    ("ClashX Meta/1.3.5", .mihomo),
    ("clash.meta/1.19.9", .mihomo),
    ("clash-nyanpasu/v1.6.1", .mihomo),
    ("Mozilla/5.0 (X11; Linux x86_64)", .v2ray),
    ("", .v2ray),
    ("clash-verge/v2.0.3", .mihomo),
    ("ClashMetaForAndroid/2.11.7.Meta", .mihomo),
    ("FlClash/v0.8.80 clash-verge Platform/windows", .mihomo),
    ("mihomo/1.19.9", .mihomo),
    ("Stash/3.1.0 Clash/1.9.0", .stash),
    ("NekoBox/Android/1.3.4 (Prefer ClashMeta Format)", .mihomo),
    ("SFA/1.11.4 (341; sing-box 1.11.4; language zh_Hans_CN)", .singBox(.oneEleven)),
    ("SFI/1.12.0 (Build 1; sing-box 1.12.0; language en)", .singBox(.oneTwelve)),
    ("SFM/1.13.0-beta.2 (Build 1; sing-box 1.13.0-beta.2)", .singBox(.oneThirteen)),
    ("SFT/1.14.1", .singBox(.oneFourteen)),
    ("SFA/2.0 (sing-box 2.0)", .singBox(.oneFourteen)),
    ("SFA", .singBox(.oneFourteen)),
    ("sing-box 1.10.7", .singBox(.oneEleven)),
    ("singbox", .singBox(.oneFourteen)),
    ("HiddifyNext/2.5.7 (android) like ClashMeta v2ray sing-box", .singBox(.oneEleven)),
    ("sing-box/99999999999999999999.1", .singBox(.oneFourteen)),
  ])
  func `clients get the format they read`(userAgent: String, format: SubscriptionFormat) {
    #expect(SubscriptionFormat(userAgent: userAgent, query: nil) == format)
  }

  @Test(arguments: [
    ("v2ray", SubscriptionFormat.v2ray), ("base64", .v2ray), ("Clash", .clash),
    ("clash-meta", .mihomo), ("mihomo", .mihomo),
    ("sing-box", .singBox(.oneFourteen)), ("singbox", .singBox(.oneFourteen)), ("stash", .stash),
    ("surge", .surge),
    ("Surfboard", .surfboard), ("loon", .loon), ("quantumult-x", .quantumultX),
    ("quantumultx", .quantumultX),
    ("shadowrocket", .shadowrocket), ("sip008", .sip008), ("shadowsocks", .sip008),
    ("outline", .outline),
    ("sing-box-1.11", .singBox(.oneEleven)), ("sing-box-1.12", .singBox(.oneTwelve)),
    ("sing-box-1.13", .singBox(.oneThirteen)), ("sing-box-1.14", .singBox(.oneFourteen)),
  ])
  func `the format parameter is stronger than the User-Agent`(
    query: String,
    format: SubscriptionFormat
  ) {
    #expect(SubscriptionFormat(userAgent: "v2rayN/6.42", query: query) == format)
    #expect(SubscriptionFormat(userAgent: "clash-verge/v2.0.3", query: query) == format)
  }

  @Test func `asked for sing-box, its version is still that of the User-Agent`() {
    #expect(
      SubscriptionFormat(userAgent: "SFA/1.11.4 (sing-box 1.11.4)", query: "sing-box")
        == .singBox(.oneEleven)
    )
  }

  @Test func `an unknown format parameter counts for nothing`() {
    #expect(SubscriptionFormat(userAgent: "mihomo/1.19.9", query: "gopher") == .mihomo)
  }

  @Test func `every format is found by its name, and no two have the same`() {
    #expect(
      SubscriptionFormat.all.map { SubscriptionFormat(name: $0.name) } == SubscriptionFormat.all
    )
    #expect(Set(SubscriptionFormat.all.map(\.name)).count == SubscriptionFormat.all.count)
    for format in SubscriptionFormat.all {
      #expect(SubscriptionFormat(userAgent: "", query: format.name.uppercased()) == format)
    }
  }
}
