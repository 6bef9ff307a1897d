import Configuration
import FoundationEssentials
import HTTPEdge
import Tokens

/// Reads variables and gathers what is wrong with them, so that an operator sees all of it at once.
struct EnvironmentReader {
  private let environment: ConfigReader
  private(set) var problems: [ConfigurationProblem] = []

  init(_ environment: ConfigReader) {
    self.environment = environment
  }

  /// The variable's text; an empty one counts as unset.
  func text(_ variable: String) -> String? {
    let key = ConfigKey(variable.lowercased().split(separator: "_").map(String.init))
    let value = environment.string(forKey: key, isSecret: variable.hasSuffix("_URL"))
    return value?.isEmpty == true ? nil : value
  }

  mutating func required(_ variable: String, example: String) -> String? {
    let value = text(variable)
    if value == nil {
      problems.append(ConfigurationProblem(variable, "is not set", example: example))
    }
    return value
  }

  mutating func parsed<Value>(
    _ variable: String,
    _ text: String?,
    example: String,
    _ parse: (String) throws -> Value
  ) -> Value? {
    guard let text else { return nil }
    do {
      return try parse(text)
    } catch {
      problems.append(ConfigurationProblem(variable, "\(error)", example: example))
      return nil
    }
  }

  mutating func integer(_ variable: String, in range: ClosedRange<Int>) -> Int? {
    guard let text = text(variable) else { return nil }
    guard let value = Int(text), range.contains(value) else {
      problems.append(
        ConfigurationProblem(
          variable,
          "must be a whole number from \(range.lowerBound) to \(range.upperBound), not “\(text)”",
          example: "\(range.lowerBound)"
        )
      )
      return nil
    }
    return value
  }

  mutating func choice<Choice>(
    _ variable: String,
    of type: Choice.Type,
    required: Bool = false
  ) -> Choice? where Choice: RawRepresentable<String> & CaseIterable {
    let choices = Choice.allCases.map(\.rawValue)
    guard let text = text(variable) else {
      if required {
        problems.append(
          ConfigurationProblem(
            variable,
            "is not set; it must be one of \(choices.joined(separator: ", "))",
            example: choices[0]
          )
        )
      }
      return nil
    }
    guard let value = Choice(rawValue: text) else {
      problems.append(
        ConfigurationProblem(
          variable,
          "must be one of \(choices.joined(separator: ", ")), not “\(text)”",
          example: choices[0]
        )
      )
      return nil
    }
    return value
  }

  mutating func address(_ variable: String) -> ListenAddress? {
    guard let text = text(variable) else { return nil }
    guard let address = ListenAddress(text) else {
      problems.append(
        ConfigurationProblem(variable, "must be host:port, not “\(text)”", example: "0.0.0.0:8080")
      )
      return nil
    }
    return address
  }

  mutating func addressBlocks(_ variable: String) -> [AddressBlock] {
    guard let text = text(variable) else { return [] }
    return text.split(separator: ",").compactMap { part in
      let part = String(part.filter { $0 != " " })
      let block = AddressBlock(part)
      if block == nil {
        problems.append(
          ConfigurationProblem(
            variable,
            "“\(part)” is not a CIDR block",
            example: "10.0.0.0/8,fd00::/8"
          )
        )
      }
      return block
    }
  }

  mutating func tlsFiles() -> ServerConfiguration.TLSFiles? {
    switch (text("TLS_CERT_FILE"), text("TLS_KEY_FILE")) {
    case (nil, nil):
      return nil
    case (let certificate?, let key?):
      for (variable, path) in [("TLS_CERT_FILE", certificate), ("TLS_KEY_FILE", key)]
      where !FileManager.default.isReadableFile(atPath: path) {
        problems.append(
          ConfigurationProblem(variable, "\(path) can't be read", example: "/etc/helium/tls.pem")
        )
      }
      return ServerConfiguration.TLSFiles(certificate: certificate, key: key)
    case (_?, nil):
      problems.append(
        ConfigurationProblem(
          "TLS_KEY_FILE",
          "is not set, although TLS_CERT_FILE is",
          example: "/etc/helium/tls.key"
        )
      )
    case (nil, _?):
      problems.append(
        ConfigurationProblem(
          "TLS_CERT_FILE",
          "is not set, although TLS_KEY_FILE is",
          example: "/etc/helium/tls.pem"
        )
      )
    }
    return nil
  }

  mutating func masterKey(_ variable: String) -> MasterKey? {
    let example =
      "/etc/helium/master.key (32 random bytes in base64: openssl rand -base64 32 > master.key)"
    guard let path = required(variable, example: example) else { return nil }
    guard let data = FileManager.default.contents(atPath: path) else {
      problems.append(ConfigurationProblem(variable, "\(path) can't be read", example: example))
      return nil
    }
    let text = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
    return parsed(variable, text, example: example) { try MasterKey(base64: $0) }
  }
}
