import Contracts
import FieldViolations
import Platform
import SubscriptionFormats
import Testing
import WorldKit

@testable import Telecom

@Suite struct DeviceLimitTests {
  static func limited(_ limit: Int32? = 2) -> TelecomSettings {
    var settings = TelecomSettings()
    settings.hwidLimit = limit
    return settings
  }

  static func hwid(_ number: Int) -> String { "device-000\(number)=" }

  func fetch(_ routes: RouterClient, _ hwid: String?, agent: String = "Happ/3.1")
    async throws -> RouterClient.Answer
  {
    var headers = ["User-Agent": agent]
    if let hwid {
      headers["x-hwid"] = hwid
      headers["x-device-os"] = "Android"
      headers["x-ver-os"] = "15"
      headers["x-device-model"] = "Pixel 9"
    }
    return try await routes.send(
      "/subscribe/\(try await routes.telecom.subscription().linkToken.text)?format=mihomo",
      headers: headers
    )
  }

  private func devices(_ routes: RouterClient) async throws -> SubscriptionDevices {
    let list = ListDevices(
      subscription: try await routes.telecom.subscription().id,
      account: routes.telecom.account,
      page: try PageRequest()
    )
    return try await routes.telecom.telecom.process(list)
  }

  func flags(_ answer: RouterClient.Answer) -> [String] {
    ["x-hwid-active", "x-hwid-not-supported", "x-hwid-max-devices-reached", "x-hwid-limit"].filter {
      answer.header($0) == "true"
    }
  }

  @Test func `without a limit no device is kept and no header is sent`() async throws {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let answer = try await fetch(routes, Self.hwid(1))
      #expect(answer.text.contains("Oslo") && flags(answer).isEmpty)
      let devices = try await devices(routes)
      #expect(devices.page.items.isEmpty && devices.limit == nil)
    }
  }

  @Test
  func
    `devices up to the limit get nodes, another gets a valid profile that says why, and known ones go on`()
    async throws
  {
    try await withRoutes(settings: Self.limited()) { routes in
      try await routes.telecom.queue()
      for number in [1, 2, 1] {
        let answer = try await fetch(routes, Self.hwid(number))
        #expect(answer.status == 200 && answer.text.contains("Oslo"))
        #expect(flags(answer) == ["x-hwid-active"])
      }
      let refused = try await fetch(routes, Self.hwid(3))
      #expect(refused.status == 200)
      #expect(
        refused.text.contains(SubscriptionNotice.tooManyDevices.text)
          && !refused.text.contains("oslo.example.com")
      )
      #expect(flags(refused) == ["x-hwid-active", "x-hwid-max-devices-reached", "x-hwid-limit"])
      #expect(refused.header("subscription-userinfo") != nil)
      #expect(try await fetch(routes, Self.hwid(2)).text.contains("Oslo"))
      let kept = try await devices(routes)
      #expect(kept.page.items.map(\.hwid) == [Self.hwid(1), Self.hwid(2)])
      #expect(kept.limit == 2)
      let first = try #require(kept.page.items.first)
      #expect(
        [first.platform, first.osVersion, first.model, first.userAgent] == [
          "Android", "15", "Pixel 9", "Happ/3.1",
        ]
      )
    }
  }

  @Test(arguments: [
    nil, "", "short", "with space in it", "ümlaut-umlaut", String(repeating: "a", count: 65),
  ])
  func `a client that sends no id, or none that is well-formed, is told that it is not supported`(
    hwid: String?
  ) async throws {
    try await withRoutes(settings: Self.limited()) { routes in
      try await routes.telecom.queue()
      let answer = try await fetch(routes, hwid)
      #expect(answer.status == 200 && answer.text.contains(SubscriptionNotice.deviceUnknown.text))
      #expect(flags(answer) == ["x-hwid-active", "x-hwid-not-supported"])
      #expect(try await devices(routes).page.items.isEmpty)
    }
  }

  @Test func `fifty devices that come at once take no more places than there are`() async throws {
    try await withRoutes(settings: Self.limited(3)) { routes in
      try await routes.telecom.queue()
      let token = try await routes.telecom.subscription().linkToken.text
      let admitted = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<50 {
          group.addTask {
            let answer = try await routes.send(
              "/subscribe/\(token)?format=mihomo",
              headers: ["x-hwid": "racing-device-\(number)", "User-Agent": "Happ"]
            )
            #expect(answer.status == 200)
            return answer.header("x-hwid-limit") == nil
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(admitted == 3)
      #expect(try await devices(routes).page.items.count == 3)
    }
  }

  @Test func `one device that comes many times at once takes one place`() async throws {
    try await withRoutes(settings: Self.limited(1)) { routes in
      try await routes.telecom.queue()
      let errors = await race(20) { _ in
        let answer = try await fetch(routes, Self.hwid(1))
        guard flags(answer) == ["x-hwid-active"] else { throw NotFound("place") }
      }.failed
      #expect(errors.isEmpty)
    }
  }

  @Test
  func `a subscription's own number counts before its package's, and that before the settings'`()
    async throws
  {
    try await withRoutes(settings: Self.limited(1)) { routes in
      let telecom = routes.telecom
      let spec = try Package.Spec(
        name: "Two",
        quotaBytes: 1_000,
        durationSeconds: TelecomWorld.day,
        hwidLimit: 2,
        group: telecom.group.id
      )
      _ = try await telecom.telecom.process(
        CreatePackageVersion(series: telecom.package.series, spec: spec),
        as: telecom.admin
      )
      try await telecom.queue()
      #expect(try await devices(routes).limit == 2)
      let subscription = try await telecom.subscription().id
      for (limit, effective) in [(3, 3), (0, nil), (nil, 2)] as [(Int32?, Int32?)] {
        let change = try SetHWIDLimit(subscription: subscription, limit: limit, reason: "family")
        try await telecom.telecom.process(change, as: telecom.admin)
        let list = try await telecom.telecom.process(
          ListSubscriptionDevices(subscription: subscription, page: try PageRequest()),
          as: telecom.admin
        )
        #expect(list.limit == effective && list.ownLimit == limit)
        #expect(
          flags(try await fetch(routes, Self.hwid(1)))
            == (effective == nil ? [] : ["x-hwid-active"])
        )
      }
      #expect(throws: InvalidInput.self) {
        try SetHWIDLimit(subscription: subscription, limit: -1, reason: "x")
      }
      await #expect(throws: NotFound("subscription")) {
        try await telecom.telecom.process(
          try SetHWIDLimit(subscription: .last, limit: 1, reason: "x"),
          as: telecom.admin
        )
      }
    }
  }

  @Test func `devices are kept for longer than clients wait until they fetch again`() {
    var settings = TelecomSettings()
    let violation = FieldViolation(
      "hwid_kept_days",
      "must be longer than update_interval_hours"
    )
    for (days, hours, isLonger) in [
      (1, 23, true), (1, 24, false), (7, 167, true), (7, 168, false), (8, 168, true),
    ] {
      settings.hwidKeptDays = days
      settings.updateIntervalHours = hours
      #expect(
        settings.violations() == (isLonger ? [] : [violation]),
        "\(days) days, \(hours) hours"
      )
    }
    settings.hwidKeptDays = .max
    #expect(settings.violations().map(\.description) == ["must be 1 to 366"])
  }

  @Test
  func
    `a device that fetches no more leaves its place after the days of the settings, and one that does keeps it`()
    async throws
  {
    var settings = Self.limited(2)
    settings.hwidKeptDays = 10
    try await withRoutes(settings: settings) { routes in
      let telecom = routes.telecom
      try await telecom.queue()
      _ = try await fetch(routes, Self.hwid(1))
      _ = try await fetch(routes, Self.hwid(2))
      telecom.world.clock.advance(by: .seconds(6 * TelecomWorld.day))
      _ = try await fetch(routes, Self.hwid(2), agent: "Happ/3.2")
      #expect(try await devices(routes).page.items.map(\.userAgent) == ["Happ/3.1", "Happ/3.2"])
      telecom.world.clock.advance(by: .seconds(4 * TelecomWorld.day))
      #expect(flags(try await fetch(routes, Self.hwid(3))).count == 3)
      telecom.world.clock.advance(by: .microseconds(1))
      #expect(flags(try await fetch(routes, Self.hwid(3))) == ["x-hwid-active"])
      #expect(try await devices(routes).page.items.map(\.hwid) == [Self.hwid(2), Self.hwid(3)])
      telecom.world.clock.advance(by: .seconds(11 * TelecomWorld.day))
      try await ForgetOldRecords().run(in: telecom.telecom)
      #expect(
        try await telecom.world.number("SELECT count(*) FROM telecom.subscription_devices") == 0
      )
    }
  }

  @Test func `who has nothing to connect to takes no place`() async throws {
    try await withRoutes(settings: Self.limited(1)) { routes in
      _ = try await routes.telecom.telecom.process(
        EnsureSubscription(account: routes.telecom.account)
      )
      let answer = try await fetch(routes, Self.hwid(1))
      #expect(answer.text.contains(SubscriptionNotice.noPlan.text) && flags(answer).isEmpty)
      #expect(try await devices(routes).page.items.isEmpty)
    }
  }
}
