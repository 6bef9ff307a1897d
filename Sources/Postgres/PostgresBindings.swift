/// The parameters of a statement, `$1` first, encoded as they are appended.
package struct PostgresBindings: Sendable {
  struct Parameter: Sendable {
    let type: PostgresType
    /// Bytes of the value; -1 for NULL, as the protocol counts.
    let length: Int32
  }

  var parameters: [Parameter] = []
  /// The values one after another, each ended by a zero byte that is not part of it: an empty value
  /// then still has an address.
  var bytes: [UInt8] = []

  package init() {}

  package var count: Int { parameters.count }

  package mutating func append<T: PostgresEncodable>(_ value: T) {
    let start = bytes.count
    value.encode(into: &bytes)
    parameters.append(Parameter(type: T.postgresType, length: Int32(bytes.count - start)))
    bytes.append(0)
  }

  package mutating func append<T: PostgresEncodable>(_ value: T?) {
    if let value {
      append(value)
    } else {
      parameters.append(Parameter(type: T.postgresType, length: -1))
    }
  }
}
