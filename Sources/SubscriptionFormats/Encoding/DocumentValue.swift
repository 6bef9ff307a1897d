/// A document as a tree, before it is written as JSON or YAML.
enum DocumentValue: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case string(String)
  /// Text with secrets in it.
  case credential(CredentialString)
  case array([DocumentValue])
  case object(DocumentObject)

  static func strings(_ strings: [String]) -> DocumentValue {
    .array(strings.map(DocumentValue.string))
  }

  /// The text, or null.
  static func optional(_ string: String?) -> DocumentValue {
    string.map(DocumentValue.string) ?? .null
  }
}

/// Members in the order in which they are written. Keys are not checked for being unique.
struct DocumentObject: Sendable {
  struct Member: Sendable {
    let key: String
    let value: DocumentValue
  }

  private(set) var members: [Member]

  init() {
    members = []
    // The size of most nodes, so that building one seldom reallocates.
    members.reserveCapacity(12)
  }

  /// Adds a member, or nothing if there is no value.
  mutating func add(_ key: String, _ value: DocumentValue?) {
    if let value { members.append(Member(key: key, value: value)) }
  }

  mutating func add(_ key: String, _ string: String) {
    members.append(Member(key: key, value: .string(string)))
  }

  /// Adds a member unless the list is empty.
  mutating func addUnlessEmpty(_ key: String, _ strings: [String]) {
    if !strings.isEmpty { add(key, .strings(strings)) }
  }
}

extension DocumentObject: ExpressibleByDictionaryLiteral {
  init(dictionaryLiteral elements: (String, DocumentValue)...) {
    members = elements.map { Member(key: $0.0, value: $0.1) }
  }
}

extension DocumentValue: ExpressibleByDictionaryLiteral {
  init(dictionaryLiteral elements: (String, DocumentValue)...) {
    var object = DocumentObject()
    for (key, value) in elements { object.add(key, value) }
    self = .object(object)
  }
}

extension DocumentValue: ExpressibleByArrayLiteral {
  init(arrayLiteral elements: DocumentValue...) {
    self = .array(elements)
  }
}

extension DocumentValue: ExpressibleByStringLiteral {
  init(stringLiteral value: String) {
    self = .string(value)
  }
}

extension DocumentValue: ExpressibleByIntegerLiteral {
  init(integerLiteral value: Int) {
    self = .integer(value)
  }
}

extension DocumentValue: ExpressibleByBooleanLiteral {
  init(booleanLiteral value: Bool) {
    self = .boolean(value)
  }
}

extension DocumentValue: ExpressibleByNilLiteral {
  init(nilLiteral: ()) {
    self = .null
  }
}
