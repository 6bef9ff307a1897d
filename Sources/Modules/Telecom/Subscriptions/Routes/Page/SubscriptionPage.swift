import Crypto
import FoundationEssentials
import Platform
import SubscriptionFormats
import Templates

/// What a browser shows of a link: how much is left and until when, and how to get the subscription
/// into a client.
struct SubscriptionPage: Sendable {
  let subscription: LinkedSubscription
  let link: String
  let settings: TelecomSettings

  /// The page in HTML. Throws only if its built-in template is invalid.
  func html() throws -> String {
    try Self.template.get().render(values)
  }

  /// The content security policy: the page may use only its own style and script, identified by
  /// their digests. Source: CSP Level 3.
  static let contentSecurityPolicy = [
    "default-src 'none'", "style-src '\(digest(of: style))'", "script-src '\(digest(of: script))'",
    "base-uri 'none'",
    "form-action 'none'", "frame-ancestors 'none'",
  ].joined(separator: "; ")

  private static let template = Result { () throws(Template.SyntaxError) in
    try Template(markup, escaping: .html)
  }

  private static func digest(of text: String) -> String {
    "sha256-" + Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString()
  }

  private var values: [String: String] {
    let used = subscription.upload + subscription.download
    let qr = QRCode(link)
    let own: [String: String] = [
      "style": Self.style, "script": Self.script,
      "title": settings.profileTitle, "announcement": settings.announcement ?? "",
      "status": subscription.notice?.text ?? "Active", "notice": subscription.notice?.text ?? "",
      "advice": subscription.notice?.advice(resets: subscription.resetsAt != nil) ?? "",
      "used": Self.text(ofBytes: used),
      "expiry": subscription.notice == .expired ? "Expired" : "Expires",
      "expires": subscription.expiresAt.map(Self.text(of:)) ?? "",
      "expires_iso": subscription.expiresAt.map(\.iso8601) ?? "",
      "resets": subscription.resetsAt.map(Self.text(of:)) ?? "",
      "resets_iso": subscription.resetsAt.map(\.iso8601) ?? "",
      "link": link, "qr_path": qr?.path ?? "", "qr_size": qr.map { String($0.size) } ?? "",
      "web_page": settings.webPageURL ?? "", "support": settings.supportURL ?? "",
      "footer": settings.webPageURL ?? settings.supportURL ?? "",
    ]
    var values = own.merging(ImportLinks(to: link, title: settings.profileTitle).urls) { own, _ in
      own
    }
    if let quota = subscription.quota {
      values["quota"] = Self.text(ofBytes: quota.total)
      values["left"] = Self.text(ofBytes: quota.left)
      // Per mille, so that a bar shows the first traffic.
      let share = quota.usedPerMille
      values["share"] = String(share)
      values["level"] = quota.isUsedUp ? "out" : share >= Self.lowShare ? "low" : "good"
    }
    return values
  }

  /// From here the bar shows that little is left: nine tenths, in per mille.
  private static let lowShare = 900

  private static let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

  /// In the largest unit of which there is at least one, with two digits behind the point.
  static func text(ofBytes bytes: Int64) -> String {
    guard bytes >= 1_024 else { return "\(bytes) B" }
    var value = Double(bytes) / 1_024
    var unit = 0
    // What would be written as 1024.00 is one of the next unit.
    while value >= 1_023.995, unit < units.count - 1 {
      value /= 1_024
      unit += 1
    }
    let hundredths = Int((value * 100).rounded())
    let fraction = String(hundredths % 100)
    return "\(hundredths / 100).\(fraction.count < 2 ? "0" : "")\(fraction) \(units[unit])"
  }

  /// To the minute, in UTC.
  private static func text(of instant: Instant) -> String {
    instant.iso8601.prefix(16).replacing("T", with: " ") + " UTC"
  }

}

extension SubscriptionNotice {
  /// What the page tells a customer to do about it.
  fileprivate func advice(resets: Bool) -> String {
    switch self {
    case .noPlan:
      "There is no plan on this subscription yet. With one, your app finds nodes at this link."
    case .expired: "Renew your plan to connect again. Your link stays the same."
    case .exhausted where resets:
      "You can connect again when the traffic resets, or with another plan. Your link stays the same."
    case .exhausted: "You can connect again with another plan. Your link stays the same."
    case .banned: "This account can't be used at the moment. Please contact support."
    case .noNodes: "No node is open to your plan at the moment. Please try again later."
    case .unsupportedClient: "Update your app, then fetch the subscription again."
    case .tooManyDevices:
      "Remove a device that you no longer use, then fetch the subscription again."
    case .deviceUnknown: "Use an app that sends a device ID, then fetch the subscription again."
    }
  }
}
