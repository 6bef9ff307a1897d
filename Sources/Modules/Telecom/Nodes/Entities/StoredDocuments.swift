package import AgentProtocols
import Platform

// What the columns of jsonb hold: sqlc.yaml names them.

extension NodeServerSettings: JSONColumn {
  package static func decode(json: [UInt8]) throws -> NodeServerSettings {
    try NodeServerSettings(json: json)
  }
}

extension [NodeRoute]: JSONColumn {
  /// Nearly every server has an empty list, which takes no decoder.
  package static func decode(json: [UInt8]) throws -> [NodeRoute] {
    json.elementsEqual("[]".utf8) ? [] : try JSON.decode([NodeRoute].self, from: json)
  }
}

extension FactorSchedule: JSONColumn {}
extension ClientFront: JSONColumn {}
