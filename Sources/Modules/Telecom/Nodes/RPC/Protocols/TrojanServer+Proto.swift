import AgentProtocols
import Platform
import SubscriptionFormats
import TelecomProtos

extension TrojanServer {
  init(_ message: Helium_Telecom_V1_TrojanSettings, listener: Listener) throws(InvalidInput) {
    self.init(
      listener: listener,
      transport: try Transport(message.transport, in: "trojan"),
      security: try ServerSecurity(message.security)
    )
  }
}

extension ServerSecurity {
  fileprivate init(_ security: Helium_Telecom_V1_TrojanSettings.OneOf_Security?)
    throws(InvalidInput)
  {
    switch security {
    case .tls(let tls): self = .tls(try ServerTLS(tls, field: "trojan.tls"))
    case .reality(let reality): self = .reality(try ServerReality(reality, field: "trojan.reality"))
    case nil: self = .none
    }
  }
}

extension Helium_Telecom_V1_TrojanSettings {
  init(_ server: TrojanServer) {
    self.init()
    transport = .init(server.transport)
    switch server.security {
    case .none: break
    case .tls(let tls): self.tls = .init(tls)
    case .reality(let reality): self.reality = .init(reality)
    }
  }
}
