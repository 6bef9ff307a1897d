import Testing

@testable import Server

@Suite struct HTTPProbeTests {
  private func parse(_ text: String) -> HTTPProbe.Answer? { HTTPProbe.parse(Array(text.utf8)) }

  @Test func `an answer is its status, its headers by lower-case name, and its body`() {
    let answer = parse("HTTP/1.1 200 OK\r\nETag: \"a:b\"\r\nContent-Length: 5\r\n\r\nhel\r\n")
    #expect(
      answer
        == HTTPProbe.Answer(
          status: 200,
          headers: ["etag": "\"a:b\"", "content-length": "5"],
          body: Array("hel\r\n".utf8)
        )
    )
    #expect(answer?.isWhole == true)
  }

  @Test(arguments: [
    "", "HTTP/1.1 200 OK\r\nETag: 1\r\n", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
  ])
  func `what is not yet, or never, an answer is none`(text: String) {
    #expect(parse(text) == nil)
  }

  @Test func `an answer is whole at its length, and at once where it has no body`() {
    #expect(parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")?.isWhole == false)
    #expect(parse("HTTP/1.1 200 OK\r\n\r\nhello")?.isWhole == false)
    #expect(parse("HTTP/1.1 304 Not Modified\r\n\r\n")?.isWhole == true)
  }

  @Test(arguments: ["", "127.0.0.1:8082", "ftp://127.0.0.1", "http://"])
  func `an address that is none is refused`(text: String) {
    #expect(throws: HTTPProbe.Failure.self) { try HTTPProbe(text) }
  }

  @Test func `where nobody listens the reason is in words`() async throws {
    let probe = try HTTPProbe("http://127.0.0.1:1")
    let error = try await #require(throws: HTTPProbe.Failure.self) {
      try await probe.get("/", deadline: .seconds(60))
    }
    #expect(error.description == "127.0.0.1 doesn't answer: Connection refused")
  }
}
