import SubscriptionFormats

/// The answer to `user` in MessagePack: `{users: [{id, uuid, speed_limit, device_limit}]}`, written
/// piece by piece.
///
/// Source: https://github.com/msgpack/msgpack/blob/master/spec.md
package enum MessagePackUserList {
  /// Begins a list; as many users must follow.
  package static func start(_ output: inout [UInt8], count: Int) {
    output.append(0x81)
    append("users", to: &output)
    output.append(0xDD)
    append(bigEndian: UInt32(count), to: &output)
  }

  package static func append(_ user: NodeUser, to output: inout [UInt8]) {
    output.append(0x84)
    append("id", to: &output)
    append(user.id, to: &output)
    append("uuid", to: &output)
    output += [0xD9, 36]
    output.append(user.credential.uuid)
    append("speed_limit", to: &output)
    append(Int64(user.speedLimit), to: &output)
    append("device_limit", to: &output)
    append(Int64(user.deviceLimit), to: &output)
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
