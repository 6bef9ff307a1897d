import FieldViolations
import FoundationEssentials

extension NodeServerSettings: Codable {
  private enum CodingKeys: String, CodingKey {
    case protocolName = "protocol"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(try container.decode(ProtocolName.self, forKey: .protocolName), from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(protocolName, forKey: .protocolName)
    try inbound.encode(to: encoder)
  }
}

extension NodeServerSettings {
  /// Reads and validates settings from the JSON in which they are stored.
  package init(json: some Sequence<UInt8>) throws(NodeSettingsError) {
    do {
      self = try JSONDecoder().decode(NodeServerSettings.self, from: Data(json))
    } catch let error as DecodingError {
      throw NodeSettingsError(violations: [FieldViolation(error)])
    } catch {
      throw NodeSettingsError(violations: [FieldViolation("settings", "must be a JSON object")])
    }
    try validate()
  }

  /// The JSON to store: the same bytes for equal settings.
  package func json() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings, integers, booleans and lists of them can always be encoded.
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("settings of strings and integers are always JSON")
    }
    return [UInt8](data)
  }

  /// Throws all fields that are wrong.
  package func validate() throws(NodeSettingsError) {
    let violations = inbound.listener.violations + inbound.violations
    guard violations.isEmpty else { throw NodeSettingsError(violations: violations) }
  }
}

extension KeyedDecodingContainer {
  /// Reads a number and fails for its key if it is out of range, which JSONDecoder reports without
  /// the key.
  func decodeInteger<Number: FixedWidthInteger>(_ type: Number.Type, forKey key: Key) throws
    -> Number
  {
    guard let number = Number(exactly: try decode(Int.self, forKey: key)) else {
      throw DecodingError.dataCorruptedError(
        forKey: key,
        in: self,
        debugDescription: "out of range"
      )
    }
    return number
  }

  func decodeIntegerIfPresent<Number: FixedWidthInteger>(_ type: Number.Type, forKey key: Key)
    throws -> Number?
  {
    contains(key) ? try decodeInteger(type, forKey: key) : nil
  }
}

extension FieldViolation {
  fileprivate init(_ error: DecodingError) {
    func path(_ keys: [any CodingKey]) -> String {
      keys.isEmpty
        ? "settings"
        : keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      self.init(path(context.codingPath + [key]), "is missing")
    case .typeMismatch(let type, let context):
      self.init(path(context.codingPath), "must be a \(Self.name(of: type))")
    case .valueNotFound(let type, let context):
      self.init(path(context.codingPath), "must be a \(Self.name(of: type)), not null")
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      self.init("settings", "must be a JSON object")
    case .dataCorrupted(let context):
      self.init(path(context.codingPath), "has a value that is not allowed")
    @unknown default: self.init("settings", "must be as documented")
    }
  }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "string"
    case is Bool.Type: "boolean"
    case is any FixedWidthInteger.Type: "whole number in range"
    case is [any Any].Type: "list"
    default: "JSON object"
    }
  }
}
