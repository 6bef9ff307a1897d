/// How clients that have no standard syntax read a line of fields with commas between them.
enum LineSyntax: Sendable {
  /// Surge and Surfboard: `name = type, host, port, key=value`; a value in double quotes may have
  /// commas.
  case surge
  /// Loon: `name = type,host,port,"value",key=value`.
  case loon
  /// Quantumult X: `type=host:port, key=value, tag=name`; nothing can be quoted.
  case quantumultX

  var separator: StaticString {
    switch self {
    case .surge, .quantumultX: ", "
    case .loon: ","
    }
  }

  /// Whether a line can hold the text as a value, in quotes where that helps.
  func canHold(_ text: String) -> Bool {
    if LineText.isPlain(text), self != .quantumultX || !text.utf8.contains(UInt8(ascii: " ")) {
      return true
    }
    return text.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "\"", "\\": false
      case ",", ";", "#", " ": self != .quantumultX
      // Programs trim spaces of every script at the ends of values.
      default: !LineText.isBreaking(scalar) && !LineText.isSpace(scalar)
      }
    }
  }

  /// Whether the value must be in quotes not to be read as more than one.
  func needsQuotes(_ text: String) -> Bool {
    self != .quantumultX && (text.isEmpty || text.utf8.contains(where: Self.isSpecial))
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "#"), UInt8(ascii: " "),
      UInt8(ascii: "'"):
      true
    default: false
    }
  }
}

/// A line of fields.
struct FieldLine: Sendable {
  private enum Field: Sendable {
    case literal(String)
    case text(String, key: StaticString?)
    case secret(CredentialString, key: StaticString?, isQuoted: Bool)
  }

  let syntax: LineSyntax
  /// What stands before ` = `, if the line has a name.
  private let name: String?
  private var fields: [Field] = []

  init(_ syntax: LineSyntax, name: String? = nil) {
    self.syntax = syntax
    self.name = name
    fields.reserveCapacity(12)
  }

  /// Adds what is already in the syntax: names of types, numbers, names of nodes.
  mutating func add(literal: String) {
    fields.append(.literal(literal))
  }

  /// Adds what lines of Surge and Loon begin with.
  mutating func addServer(_ node: ProxyNode, type: String) {
    add(literal: type)
    add(literal: node.host)
    add(literal: String(node.port))
  }

  mutating func add(_ value: CredentialString, isQuoted: Bool = false) {
    fields.append(.secret(value, key: nil, isQuoted: isQuoted))
  }

  /// Adds `key=value`, or nothing without a value.
  mutating func add(_ key: StaticString, _ text: String?) {
    if let text { fields.append(.text(text, key: key)) }
  }

  mutating func add(_ key: StaticString, _ value: CredentialString) {
    fields.append(.secret(value, key: key, isQuoted: false))
  }

  func write(to template: inout DocumentTemplate) {
    if let name {
      template.append(name)
      template.append(" = ")
    }
    for (index, field) in fields.enumerated() {
      if index > 0 { template.append(syntax.separator) }
      switch field {
      case .literal(let text):
        template.append(text)
      case .text(let text, let key):
        write(key, isQuoted: syntax.needsQuotes(text), to: &template) { $0.append(text) }
      case .secret(let value, let key, let isQuoted):
        write(key, isQuoted: isQuoted, to: &template) { $0.append(value) }
      }
    }
    template.append(UInt8(ascii: "\n"))
  }

  private func write(
    _ key: StaticString?,
    isQuoted: Bool,
    to template: inout DocumentTemplate,
    _ value: (inout DocumentTemplate) -> Void
  ) {
    if let key {
      template.append(key)
      template.append(UInt8(ascii: "="))
    }
    if isQuoted { template.append(UInt8(ascii: "\"")) }
    value(&template)
    if isQuoted { template.append(UInt8(ascii: "\"")) }
  }
}

extension ProxyNode {
  /// All texts of the node that operators choose, but for its name.
  private var texts: [String] {
    var texts = [host] + proxy.clientProtocol.texts
    switch transport {
    case .tcp: break
    case .webSocket(let endpoint), .httpUpgrade(let endpoint), .xhttp(let endpoint, _):
      texts += endpoint.texts
    case .grpc(let serviceName): texts.append(serviceName)
    }
    switch security {
    case .none: break
    case .tls(let tls): texts += [tls.serverName] + tls.alpn
    case .reality(let reality): texts += [reality.serverName, reality.publicKey, reality.shortID]
    }
    return texts
  }

  /// Whether lines of the syntax can hold the node.
  func fits(_ syntax: LineSyntax) -> Bool { texts.allSatisfy(syntax.canHold) }
}

extension HTTPEndpoint {
  /// The texts in it that operators choose.
  var texts: [String] { host.map { [path, $0] } ?? [path] }
}
