import Foundation
import ProtocolKit
import Testing

@testable import SubscriptionFormats

@Suite struct EncodingTests {
  @Test func `base64 is Foundation's, for all lengths`() {
    var generator = SplitMix(state: 7)
    for length in 0..<100 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      var output: [UInt8] = []
      Base64.standard.append(bytes, to: &output)
      let expected = Data(bytes).base64EncodedString()
      #expect(String(decoding: output, as: UTF8.self) == expected)
      var urlOutput: [UInt8] = []
      Base64.url.append(bytes, to: &urlOutput)
      let urlExpected = expected.replacing("+", with: "-").replacing("/", with: "_").replacing(
        "=",
        with: ""
      )
      #expect(String(decoding: urlOutput, as: UTF8.self) == urlExpected)
      #expect(Base64.decodedCount(expected) == length)
      #expect(Base64.decodedCount(urlExpected) == length)
    }
  }

  @Test(arguments: ["A", "====", "ab c", "a.bc", "é"])
  func `what is not base64 has no decoded length`(text: String) {
    #expect(Base64.decodedCount(text) == nil)
  }

  @Test func `quoted text is JSON for every character of the basic plane and beyond`() throws {
    for scalar in (0..<0x11000).compactMap(UnicodeScalar.init) {
      let text = "a\(Character(scalar))b"
      var template = DocumentTemplate()
      template.append(quoting: text)
      let read =
        try JSONSerialization.jsonObject(with: Data(template.literals), options: .fragmentsAllowed)
        as? String
      #expect(
        read.map { Array($0.utf8) } == Array(text.utf8),
        "U+\(String(scalar.value, radix: 16))"
      )
    }
  }

  @Test func `keys that YAML could misread are quoted`() {
    var template = DocumentTemplate()
    YAMLWriter().write(
      [
        "port": 1, "no": 2, "Y": 3, "null": 4, "a b": 5, "": 6, "-x": 7, "ipv6": [], "dns": [:],
        "list": [[1, ["a": nil]], ["k": true]],
      ],
      to: &template
    )
    #expect(
      String(decoding: template.literals, as: UTF8.self) == """
        port: 1
        "no": 2
        "Y": 3
        "null": 4
        "a b": 5
        "": 6
        "-x": 7
        ipv6: []
        dns: {}
        list:
          - [1,{"a":null}]
          - k: true

        """
    )
  }
}
