import Foundation
import HTTPEdge
import HTTPTypes
import Hummingbird
import Logging
import Platform
import Postgres
import Testing
import WorldKit

@testable import Telecom

extension ConformanceTests {

  @Test func `13: whatever goes wrong, user has a list or an error that isn't taken for one`()
    async throws
  {
    try await withRoutes { routes in
      let token = routes.telecom.server.token.text
      let id = routes.telecom.server.server.id
      for query in [
        "", "?token=\(token)", "?node_id=\(id)", "?token=x&node_id=\(id)",
        "?token=\(token)&node_id=\(id)&node_type=trojan",
      ] {
        for path in ["/api/v1/server/UniProxy/user", "/api/v2/server/user"] {
          let answer = try await routes.send(path + query)
          #expect((400..<500).contains(answer.status), "\(query)")
          #expect(answer.message != nil && answer.tag == nil)
        }
      }
    }
  }

  @Test(arguments: [(MessageFailures(), "message"), (ModMuFailures(), "msg")] as [StyleAndKey])
  func `13: without its database an agent is told to come again`(
    style: any HTTPFailureStyle,
    key: String
  ) async throws {
    let router = Router(context: HTTPCall.self)
    router.add(middleware: HTTPFailures(ids: IdentifierSource(clock: .system), style: style))
    router.get("away") { _, _ -> Response in
      throw PostgresClientError.connectionLost("a secret of the server's")
    }
    router.get("broken") { _, _ -> Response in
      throw PostgresClientError.misuse("a secret of the server's")
    }
    for (path, status) in [("/away", 503), ("/broken", 500)] {
      let request = Request(
        head: HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: path),
        body: RequestBody(buffer: ByteBuffer())
      )
      let response = try await router.buildResponder().respond(
        to: request,
        context: HTTPCall(peer: "", logger: Logger(label: "helium.test"))
      )
      let answer = try await RouterClient.OpenAnswer(response: response).write()
      #expect(answer.status == status)
      #expect(!answer.text.contains("secret"))
      #expect(try answer.document()[key] is String)
    }
  }
}

private typealias StyleAndKey = (any HTTPFailureStyle, String)
