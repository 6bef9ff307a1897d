/// The OID of a PostgreSQL data type, as `pg_type` numbers the built-in ones.
package struct PostgresType: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let bool = PostgresType(rawValue: 16)
  package static let bytea = PostgresType(rawValue: 17)
  package static let char = PostgresType(rawValue: 18)
  package static let name = PostgresType(rawValue: 19)
  package static let int8 = PostgresType(rawValue: 20)
  package static let int2 = PostgresType(rawValue: 21)
  package static let int4 = PostgresType(rawValue: 23)
  package static let text = PostgresType(rawValue: 25)
  package static let oid = PostgresType(rawValue: 26)
  package static let json = PostgresType(rawValue: 114)
  package static let xml = PostgresType(rawValue: 142)
  package static let cidr = PostgresType(rawValue: 650)
  package static let float4 = PostgresType(rawValue: 700)
  package static let float8 = PostgresType(rawValue: 701)
  package static let unknown = PostgresType(rawValue: 705)
  package static let inet = PostgresType(rawValue: 869)
  package static let bpchar = PostgresType(rawValue: 1042)
  package static let varchar = PostgresType(rawValue: 1043)
  package static let date = PostgresType(rawValue: 1082)
  package static let time = PostgresType(rawValue: 1083)
  package static let timestamp = PostgresType(rawValue: 1114)
  package static let timestamptz = PostgresType(rawValue: 1184)
  package static let interval = PostgresType(rawValue: 1186)
  package static let numeric = PostgresType(rawValue: 1700)
  package static let void = PostgresType(rawValue: 2278)
  package static let uuid = PostgresType(rawValue: 2950)
  package static let jsonb = PostgresType(rawValue: 3802)

  /// The type of arrays of this type; nil where the driver knows none.
  package var array: PostgresType? {
    switch self {
    case .bool: PostgresType(rawValue: 1000)
    case .bytea: PostgresType(rawValue: 1001)
    case .char: PostgresType(rawValue: 1002)
    case .name: PostgresType(rawValue: 1003)
    case .int2: PostgresType(rawValue: 1005)
    case .int4: PostgresType(rawValue: 1007)
    case .text: PostgresType(rawValue: 1009)
    case .bpchar: PostgresType(rawValue: 1014)
    case .varchar: PostgresType(rawValue: 1015)
    case .int8: PostgresType(rawValue: 1016)
    case .float4: PostgresType(rawValue: 1021)
    case .float8: PostgresType(rawValue: 1022)
    case .oid: PostgresType(rawValue: 1028)
    case .inet: PostgresType(rawValue: 1041)
    case .timestamp: PostgresType(rawValue: 1115)
    case .date: PostgresType(rawValue: 1182)
    case .time: PostgresType(rawValue: 1183)
    case .timestamptz: PostgresType(rawValue: 1185)
    case .interval: PostgresType(rawValue: 1187)
    case .numeric: PostgresType(rawValue: 1231)
    case .json: PostgresType(rawValue: 199)
    case .xml: PostgresType(rawValue: 143)
    case .cidr: PostgresType(rawValue: 651)
    case .uuid: PostgresType(rawValue: 2951)
    case .jsonb: PostgresType(rawValue: 3807)
    default: nil
    }
  }

  /// The first OID that a database gives to objects of its users (`FirstNormalObjectId`): enums and
  /// types of extensions lie above it.
  static let firstUserDefined: UInt32 = 16384

  /// Whether values of the type are sent as their characters, also in the binary format.
  var isTextual: Bool {
    switch self {
    case .text, .varchar, .bpchar, .name, .char, .unknown, .json, .xml: true
    default: rawValue >= Self.firstUserDefined
    }
  }
}
