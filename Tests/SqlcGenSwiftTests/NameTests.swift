import Testing

@testable import sqlc_gen_swift

@Suite struct NameTests {
  @Test(arguments: [
    ("id", "id"), ("code_hmac", "codeHmac"), ("node_id", "nodeID"), ("createdAt", "createdAt"),
    ("a__b", "aB"), ("_x", "x"),
    ("Total", "total"),
    ("ipv4_address", "ipv4Address"), ("account_ids", "accountIDs"), ("link_url", "linkURL"),
    ("url_of_link", "urlOfLink"), ("identity", "identity"), ("node_user_id", "nodeUserID"),
  ]) func `names of SQL become lower camel case`(sql: String, swift: String) {
    #expect(SwiftName.lowerCamel(sql) == swift)
  }
}
