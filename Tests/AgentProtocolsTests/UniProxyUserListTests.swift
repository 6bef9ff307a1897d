import AgentProtocols
import Foundation
import ProtocolKit
import SubscriptionFormats
import Testing

@Suite struct UniProxyUserListTests {
  private let users = [
    NodeUser(id: 1001, credential: Samples.credential, speedLimit: 100, deviceLimit: 3),
    NodeUser(id: .max, credential: Samples.otherCredential, speedLimit: 0, deviceLimit: 0),
  ]

  @Test func `users are objects with the four keys that agents read`() {
    let expected =
      #"{"users":[{"id":1001,"uuid":"2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31","speed_limit":100,"device_limit":3},"#
      + #"{"id":9223372036854775807,"uuid":"c0ffee00-1234-4abc-9def-0123456789ab","speed_limit":0,"device_limit":0}]}"#
    #expect(
      String(
        decoding: UniProxyUserList.encode(users, placeholder: Samples.otherCredential),
        as: UTF8.self
      ) == expected
    )
  }

  @Test func `written in pieces the list is the same`() {
    var list = UniProxyUserList(placeholder: Samples.otherCredential)
    var output: [UInt8] = []
    list.start(&output)
    for user in users { list.append([user], to: &output) }
    list.append([], to: &output)
    list.finish(&output)
    #expect(output == UniProxyUserList.encode(users, placeholder: Samples.otherCredential))
  }

  @Test func `an empty list has the placeholder, so that agents drop the last user`() throws {
    let list = UniProxyUserList.encode([], placeholder: Samples.credential)
    #expect(
      String(decoding: list, as: UTF8.self)
        == #"{"users":[{"id":1,"uuid":"2f8b1c5e-93a4-4d17-8f0a-6b2d9c4e7f31","speed_limit":0,"device_limit":0}]}"#
    )
    #expect(list == UniProxyUserList.encode([], placeholder: Samples.credential))
  }

  @Test func `no user is longer than what streams reserve for one`() {
    let user = NodeUser(
      id: .min,
      credential: Samples.credential,
      speedLimit: .min,
      deviceLimit: .min
    )
    #expect(
      UniProxyUserList.encode([user], placeholder: Samples.credential).count
        <= UniProxyUserList.longestUser
    )
  }
}
