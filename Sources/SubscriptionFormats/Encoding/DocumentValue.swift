/// A document as a tree, before it is written as JSON or YAML.
package enum DocumentValue: Sendable {
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

  package static func strings(_ strings: [String]) -> DocumentValue {
    .array(strings.map(DocumentValue.string))
  }

  /// The text of a scalar that is one, as operators' templates have it.
  package var text: String? {
    switch self {
    case .string(let text), .plain(let text): text
    case .null, .boolean, .integer, .credential, .array, .object: nil
    }
  }

  package var object: DocumentObject? {
    if case .object(let object) = self { object } else { nil }
  }

  package var array: [DocumentValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The text, or null.
  package static func optional(_ string: String?) -> DocumentValue {
    string.map(DocumentValue.string) ?? .null
  }
}

/// Members in the order in which they are written. Keys are not checked for being unique.
package struct DocumentObject: Sendable {
  package struct Member: Sendable {
    package let key: String
    package let value: DocumentValue
  }

  package private(set) var members: [Member]

  package init() {
    members = []
    // The size of most nodes, so that building one seldom reallocates.
    members.reserveCapacity(12)
  }

  /// Adds a member, or nothing if there is no value.
  package mutating func add(_ key: String, _ value: DocumentValue?) {
    if let value { members.append(Member(key: key, value: value)) }
  }

  package mutating func add(_ key: String, _ string: String) {
    members.append(Member(key: key, value: .string(string)))
  }

  /// The value of the first member with the key; setting it replaces that member or adds one, and
  /// nil takes all of the key away.
  package subscript(key: String) -> DocumentValue? {
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
  package mutating func addUnlessEmpty(_ key: String, _ strings: [String]) {
    if !strings.isEmpty { add(key, .strings(strings)) }
  }
}

extension DocumentObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, DocumentValue)...) {
    members = elements.map { Member(key: $0.0, value: $0.1) }
  }
}

extension DocumentValue: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, DocumentValue)...) {
    var object = DocumentObject()
    for (key, value) in elements { object.add(key, value) }
    self = .object(object)
  }
}

extension DocumentValue: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: DocumentValue...) {
    self = .array(elements)
  }
}

extension DocumentValue: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) {
    self = .string(value)
  }
}

extension DocumentValue: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) {
    self = .integer(value)
  }
}

extension DocumentValue: ExpressibleByBooleanLiteral {
  package init(booleanLiteral value: Bool) {
    self = .boolean(value)
  }
}

extension DocumentValue: ExpressibleByNilLiteral {
  package init(nilLiteral: ()) {
    self = .null
  }
}
