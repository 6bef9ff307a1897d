import AgentProtocols
import Platform
import SubscriptionFormats
import TelecomProtos

extension NodeRoute {
  init(_ message: Helium_Telecom_V1_NodeRoute) throws(InvalidInput) {
    let action: Action =
      switch message.action {
      case .block: .block
      case .blockIp: .blockIP
      case .blockPort: .blockPort
      case .blockProtocol: .blockProtocol
      case .dns: .dns(server: message.actionValue)
      case .direct: .direct
      case .unspecified, .UNRECOGNIZED: throw InvalidInput("action", "must be one of the actions")
      }
    self.init(id: Int(message.id), match: message.match, action: action)
  }
}

extension Helium_Telecom_V1_NodeRoute {
  init(_ route: NodeRoute) {
    self.init()
    id = Int32(clamping: route.id)
    match = route.match
    switch route.action {
    case .block: action = .block
    case .blockIP: action = .blockIp
    case .blockPort: action = .blockPort
    case .blockProtocol: action = .blockProtocol
    case .dns(let server):
      action = .dns
      actionValue = server
    case .direct: action = .direct
    }
  }
}

extension NodeSnippet {
  /// Throws `InvalidInput` for a program that there is no snippet for.
  init(_ program: Helium_Telecom_V1_NodeAgentProgram) throws(InvalidInput) {
    switch program {
    case .xrayr: self = .xrayR
    case .v2Bx: self = .v2bX
    case .singBox: self = .singBox
    case .unspecified, .UNRECOGNIZED: throw InvalidInput("program", "must be one of the programs")
    }
  }
}
