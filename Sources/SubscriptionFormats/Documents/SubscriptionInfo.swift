/// What a client shows about a subscription besides its nodes. It is sent in response headers.
package struct SubscriptionInfo: Sendable, Hashable {
  /// Billed bytes.
  package var upload: Int64
  package var download: Int64
  /// The quota in bytes, or nil if there is none.
  package var total: Int64?
  /// Seconds since 1970, or nil if it never expires.
  package var expires: Int64?
  /// The name under which clients list the subscription.
  package var title: String
  package var updateIntervalHours: Int
  package var webPageURL: String?
  package var supportURL: String?

  package init(
    upload: Int64,
    download: Int64,
    total: Int64?,
    expires: Int64?,
    title: String,
    updateIntervalHours: Int = 12,
    webPageURL: String? = nil,
    supportURL: String? = nil
  ) {
    self.upload = upload
    self.download = download
    self.total = total
    self.expires = expires
    self.title = title
    self.updateIntervalHours = updateIntervalHours
    self.webPageURL = webPageURL
    self.supportURL = supportURL
  }
}

/// A response header: its lower-case name, and a value of printable ASCII.
package struct SubscriptionHeader: Sendable, Hashable {
  package let name: String
  package let value: String

  /// A URL with all that a header or a line can't hold percent-encoded, line breaks above all.
  static func printable(_ url: String) -> String {
    var bytes: [UInt8] = []
    for byte in url.utf8 {
      if byte > 0x20, byte < 0x7F {
        bytes.append(byte)
      } else {
        PercentEncoding.append(CollectionOfOne(byte), to: &bytes)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension SubscriptionInfo {
  /// The response headers, without the content type.
  ///
  /// `subscription-userinfo` leaves out `expire` where there is none, because clients show an empty
  /// or zero one as 1970.
  package var headers: [SubscriptionHeader] {
    var usage = "upload=\(upload); download=\(download); total=\(total ?? 0)"
    if let expires { usage += "; expire=\(expires)" }
    var headers = [
      SubscriptionHeader(name: "subscription-userinfo", value: usage),
      SubscriptionHeader(name: "profile-update-interval", value: String(updateIntervalHours)),
      SubscriptionHeader(
        name: "profile-title",
        value: "base64:" + text { Base64.standard.append(title.utf8, to: &$0) }
      ),
      SubscriptionHeader(
        name: "content-disposition",
        value: "attachment; filename*=UTF-8''"
          + text { PercentEncoding.append(title.utf8, to: &$0) }
      ),
    ]
    if let webPageURL {
      headers.append(
        SubscriptionHeader(
          name: "profile-web-page-url",
          value: SubscriptionHeader.printable(webPageURL)
        )
      )
    }
    if let supportURL {
      headers.append(
        SubscriptionHeader(name: "support-url", value: SubscriptionHeader.printable(supportURL))
      )
    }
    return headers
  }

  private func text(_ write: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    write(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
