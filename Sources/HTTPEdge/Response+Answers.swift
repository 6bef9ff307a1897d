package import HTTPTypes
package import Hummingbird
package import Platform

extension Response {
  /// An answer of JSON that is encoded already.
  package init(json: [UInt8], status: HTTPResponse.Status = .ok) {
    self.init(
      status: status,
      headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: json))
    )
  }

  /// 200 with the body, or 304 where the client has it. Both name the tag.
  package init(_ answer: TaggedAnswer, contentType: String) {
    switch answer {
    case .unchanged(let tag):
      self.init(status: .notModified, headers: [.eTag: tag.headerValue])
    case .changed(let tag, let body):
      self.init(
        status: .ok,
        headers: [.eTag: tag.headerValue, .contentType: contentType],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
      )
    }
  }
}
