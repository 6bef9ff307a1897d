import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Hummingbird
import Platform
import SubscriptionFormats

/// `GET /subscribe/{token}`: what customers' clients fetch, and the page that browsers show.
struct SubscribeRoutes: Sendable {
  let telecom: Telecom
  let fetches: FetchRecorder
  let links: LinkReads
  let cache: DocumentCache
  private let clients = ClientMemo()

  func subscribe(_ request: Request, token: String?) async throws -> Response {
    guard let token = token.flatMap({ LinkToken($0) }) else { return .noSuchLink }
    let format = request.uri.queryParameters["format"].map(String.init)
    var response =
      if format == nil, request.isFromBrowser {
        try await page(request, token)
      } else {
        try await document(request, token, format: format)
      }
    // What a link answers depends on who asks.
    if response.status != .notFound { response.headers[.vary] = "Accept, User-Agent" }
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func document(_ request: Request, _ token: LinkToken, format: String?) async throws
    -> Response
  {
    let client = clients.client(userAgent: request.userAgent, query: format)
    let fetch = FetchSubscription(
      token: token,
      client: client,
      host: request.head.authority,
      namesFormat: format != nil,
      known: request.headers[.ifNoneMatch],
      device: request.device,
      links: links,
      cache: cache
    )
    guard let answer = try await telecom.process(fetch, as: Anyone()) else { return .noSuchLink }
    note(request, of: answer.subscription, format: client.format.name)
    var response = Response(answer.profile, contentType: client.format.contentType)
    for header in answer.subscription.info(answer.settings).headers {
      if let name = HTTPField.Name.ofInfo[header.name] ?? HTTPField.Name(header.name) {
        response.headers[name] = header.value
      }
    }
    for name in answer.admission.headerNames.compactMap({ HTTPField.Name($0) }) {
      response.headers[name] = "true"
    }
    if let resetsAt = answer.subscription.resetsAt {
      response.headers[.refillDate] = String(resetsAt.seconds)
    }
    if let announcement = answer.settings.announcement {
      response.headers[.announce] = "base64:" + Data(announcement.utf8).base64EncodedString()
    }
    // Links are secrets, and the document is one subscription's own.
    response.headers[.cacheControl] = "private, no-cache"
    return response
  }

  private func page(_ request: Request, _ token: LinkToken) async throws -> Response {
    let view = ViewSubscription(token: token, host: request.head.authority, links: links)
    guard let page = try await telecom.process(view, as: Anyone()) else { return .noSuchLink }
    note(request, of: page.subscription, format: SubscriptionFetch.page)
    let headers: HTTPFields = [
      .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
      .referrerPolicy: "no-referrer", .robotsTag: "noindex",
      .contentSecurityPolicy: SubscriptionPage.contentSecurityPolicy,
      .xContentTypeOptions: "nosniff",
    ]
    return Response(
      status: .ok,
      headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(string: try page.html()))
    )
  }

  private func note(_ request: Request, of subscription: LinkedSubscription, format: String) {
    let address = Platform.RequestContext.current?.remoteAddress ?? ""
    fetches.note(
      SubscriptionFetch(address: address, userAgent: request.userAgent, format: format),
      of: subscription.id,
      at: telecom.clock.now
    )
  }
}

extension Request {
  fileprivate var userAgent: String { headers[.userAgent] ?? "" }

  /// What the client says of its device; nil: nothing.
  fileprivate var device: SubscriptionDevice? {
    guard let hwid = headers[.hwid] else { return nil }
    return SubscriptionDevice(
      hwid: hwid,
      platform: headers[.deviceOS],
      osVersion: headers[.deviceOSVersion],
      model: headers[.deviceModel],
      userAgent: userAgent
    )
  }

  /// Browsers ask for HTML. Some clients are based on browsers and do so too, but their User-Agents
  /// contain their names.
  fileprivate var isFromBrowser: Bool {
    guard headers[.accept]?.contains("text/html") ?? false, userAgent.hasPrefix("Mozilla/") else {
      return false
    }
    return SubscriptionFormat(userAgent: userAgent, query: nil) == .v2ray
  }
}

extension HTTPField.Name {
  // These are well-formed names.
  /// Those of `SubscriptionInfo`, made once.
  fileprivate static let ofInfo = Dictionary(
    uniqueKeysWithValues: [
      "subscription-userinfo", "profile-update-interval", "profile-title", "content-disposition",
      "profile-web-page-url", "support-url",
    ].map { ($0, Self($0)!) }
  )
  fileprivate static let announce = Self("announce")!
  fileprivate static let deviceModel = Self("x-device-model")!
  fileprivate static let deviceOS = Self("x-device-os")!
  fileprivate static let deviceOSVersion = Self("x-ver-os")!
  fileprivate static let hwid = Self("x-hwid")!
  fileprivate static let referrerPolicy = Self("Referrer-Policy")!
  fileprivate static let refillDate = Self("subscription-refill-date")!
  fileprivate static let robotsTag = Self("X-Robots-Tag")!
}

extension Response {
  fileprivate static var noSuchLink: Response {
    Response(
      status: .notFound,
      headers: [.contentType: "text/plain; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: "No such subscription.\n"))
    )
  }
}
