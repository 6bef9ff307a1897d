import FoundationEssentials
import Platform
import Testing
import WorldKit

@testable import Telecom

/// Rows that are wrong for themselves: agents would send a refused report again forever.
@Suite struct OddRowTests {
  @Test
  func `what is set aside and what is billed come to what was reported, however often it is sent`()
    async throws
  {
    try await withRoutes { routes in
      try await routes.telecom.queue()
      let user = try await routes.telecom.subscription().nodeUserID
      let body =
        "{\"\(user)\":[10,20],\"\(user)\":[100,200],\"99999999999\":[5,5],\"\(user + 1)\":[-1,7]}"
      for _ in 0..<3 {
        let answer = try await routes.push(body)
        #expect(answer.status == 200 && answer.text == #"{"data":true}"#)
      }
      while try await routes.telecom.telecom.process(BillReports()) > 0 {}
      let active = try #require(try await routes.telecom.subscription().active)
      #expect(active.upload == 10 && active.download == 20)
      let aside = try await routes.telecom.telecom.process(
        ListSetAsideTraffic(node: nil, page: try PageRequest()),
        as: routes.telecom.admin
      )
      #expect(Set(aside.items.map(\.reason)) == [.malformed, .duplicate])
      #expect(aside.items.count == 3)
      #expect(
        aside.items.contains {
          $0.reason == .duplicate && $0.nodeUserID == user && $0.upload == 100 && $0.download == 200
        }
      )
      #expect(
        aside.items.contains {
          $0.entry == #""99999999999":[5,5]"# && $0.nodeUserID == 0 && $0.upload == 5
        }
      )
      #expect(
        aside.items.contains {
          $0.entry == "\"\(user + 1)\":[-1,7]" && $0.nodeUserID == user + 1 && $0.download == 0
        }
      )
    }
  }

  @Test func `a report of odd rows alone is answered and kept once`() async throws {
    try await withRoutes { routes in
      for _ in 0..<2 {
        let answer = try await routes.push(#"{"x":[1,2]}"#)
        #expect(answer.status == 200)
      }
      #expect(try await routes.telecom.telecom.process(BillReports()) == 1)
      #expect(
        try await routes.telecom.world.number("SELECT count(*) FROM telecom.traffic_set_aside") == 1
      )
    }
  }
}
