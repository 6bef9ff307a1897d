import Testing

@testable import sqlc_gen_swift

@Suite struct NameTests {
  @Test(arguments: [
    ("id", "id"), ("code_hmac", "codeHmac"), ("node_id", "nodeId"), ("createdAt", "createdAt"),
    ("a__b", "aB"), ("_x", "x"),
    ("Total", "total"),
    ("ipv4_address", "ipv4Address"),
  ]) func `names of SQL become lower camel case`(sql: String, swift: String) {
    #expect(SwiftName.lowerCamel(sql) == swift)
  }
}
