import HTTPEdge
import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// An answer, read whole.
struct Answer {
  let status: HTTPResponse.Status
  let headers: HTTPFields
  let body: String
}

extension Router<HTTPCall> {
  /// What the router answers to a request from 127.0.0.1, without a socket.
  func answer(
    to path: String,
    method: HTTPRequest.Method = .get,
    headers: HTTPFields = [:],
    body: String = ""
  ) async throws -> Answer {
    let head = HTTPRequest(
      method: method,
      scheme: "http",
      authority: "localhost",
      path: path,
      headerFields: headers
    )
    let response = try await buildResponder().respond(
      to: Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body))),
      context: HTTPCall(peer: "127.0.0.1", logger: Logger(label: "helium.test"))
    )
    let written = WrittenBody()
    try await response.body.write(written)
    return Answer(status: response.status, headers: response.headers, body: written.text)
  }
}

private final class WrittenBody: ResponseBodyWriter {
  private let bytes = Mutex<[UInt8]>([])

  var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }

  func write(_ buffer: ByteBuffer) async throws {
    bytes.withLock { $0 += Array(buffer.readableBytesView) }
  }

  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
