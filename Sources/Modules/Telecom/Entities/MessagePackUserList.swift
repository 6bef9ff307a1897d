import FoundationEssentials
import SubscriptionFormats

/// The answer to `user` in MessagePack: `{users: [{id, uuid, speed_limit, device_limit}]}`.
///
/// Source: https://github.com/msgpack/msgpack/blob/master/spec.md
enum MessagePackUserList {
  static func encode(_ users: [NodeUser]) -> [UInt8] {
    var output: [UInt8] = []
    // What a user takes with ids and limits of a common size.
    output.reserveCapacity(16 + users.count * 88)
    output.append(0x81)
    append("users", to: &output)
    output.append(0xDD)
    append(bigEndian: UInt32(users.count), to: &output)
    for user in users {
      output.append(0x84)
      append("id", to: &output)
      append(user.id, to: &output)
      append("uuid", to: &output)
      append(user.credential.uuid.uuidString.lowercased(), to: &output)
      append("speed_limit", to: &output)
      append(Int64(user.speedLimit), to: &output)
      append("device_limit", to: &output)
      append(Int64(user.deviceLimit), to: &output)
    }
    return output
  }

  /// A text of at most 255 bytes.
  private static func append(_ text: String, to output: inout [UInt8]) {
    let bytes = text.utf8
    if bytes.count < 32 {
      output.append(0xA0 | UInt8(bytes.count))
    } else {
      output += [0xD9, UInt8(bytes.count)]
    }
    output += bytes
  }

  private static func append(_ number: Int64, to output: inout [UInt8]) {
    if let small = UInt8(exactly: number), small < 0x80 {
      output.append(small)
    } else {
      output.append(0xD3)
      append(bigEndian: number, to: &output)
    }
  }

  private static func append(bigEndian number: some FixedWidthInteger, to output: inout [UInt8]) {
    withUnsafeBytes(of: number.bigEndian) { output += $0 }
  }
}
