import Platform

/// Addresses that open a client and make it import a subscription, by the names that the page has
/// for the clients.
///
/// Each client fetches the plain link and tells its format and version itself. Source: the clients'
/// manuals on their URL schemes.
struct ImportLinks: Sendable {
  let urls: [String: String]

  /// - Parameter title: what clients list the subscription by.
  init(to link: String, title: String) {
    let url = Self.encoded(link)
    let name = Self.encoded(title)
    urls = [
      "clash": "clash://install-config?url=\(url)&name=\(name)",
      "stash": "stash://install-config?url=\(url)&name=\(name)",
      "sing_box": "sing-box://import-remote-profile?url=\(url)#\(name)",
      "hiddify": "hiddify://import/\(link)#\(name)",
      "shadowrocket": "shadowrocket://add/sub://\(Array(link.utf8).base64URL)?remark=\(name)",
      "surge": "surge:///install-config?url=\(url)",
      "surfboard": "surfboard:///install-config?url=\(url)",
      "loon": "loon://import?nodelist=\(url)&name=\(name)",
      "quantumult_x":
        "quantumult-x:///update-configuration?remote-resource=\(Self.encoded(Self.quantumultResource(link, title)))",
      "v2rayng": "v2rayng://install-sub?url=\(url)&name=\(name)",
      // An online configuration is fetched over TLS only.
      "outline": link.hasPrefix("https://") ? "ssconf://\(link.dropFirst("https://".count))" : "",
    ]
  }

  /// One line of its configuration in JSON; commas would end the name.
  private static func quantumultResource(_ link: String, _ title: String) -> String {
    let line = "\(link), tag=\(title.replacing(",", with: " "))"
    let json = (try? JSON.encode(["server_remote": [line]])) ?? []
    return String(decoding: json, as: UTF8.self)
  }

  /// Percent-encoding of all but the unreserved characters. Source: RFC 3986, section 2.1.
  private static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.unicodeScalars.append(UnicodeScalar(byte))
      default: result += "%" + [byte].hexadecimal.uppercased()
      }
    }
    return result
  }
}
