/// A document as a tree, before it is written as JSON or YAML.
enum DocumentValue: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case string(String)
  /// A scalar that an operator's template has without quotes: a number, or text that YAML reads as
  /// it is.
  case plain(String)
  /// Text with secrets in it.
  case credential(CredentialString)
  case array([DocumentValue])
  case object(DocumentObject)

  static func strings(_ strings: [String]) -> DocumentValue {
    .array(strings.map(DocumentValue.string))
  }

  /// The text of a scalar that is one, as operators' templates have it.
  var text: String? {
    switch self {
    case .string(let text), .plain(let text): text
    case .null, .boolean, .integer, .credential, .array, .object: nil
    }
  }

  var object: DocumentObject? {
    if case .object(let object) = self { object } else { nil }
  }

  var array: [DocumentValue]? {
    if case .array(let elements) = self { elements } else { nil }
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

  /// The value of the first member with the key; setting it replaces that member or adds one, and
  /// nil takes all of the key away.
  subscript(key: String) -> DocumentValue? {
    get { members.first { $0.key == key }?.value }
    set {
      guard let newValue else { return members.removeAll { $0.key == key } }
      let member = Member(key: key, value: newValue)
      if let index = members.firstIndex(where: { $0.key == key }) {
        members[index] = member
      } else {
        members.append(member)
      }
    }
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
