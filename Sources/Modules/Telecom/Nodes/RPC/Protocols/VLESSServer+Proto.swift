import AgentProtocols
import Platform
import SubscriptionFormats
import TelecomProtos

extension VLESSServer {
  init(_ message: Helium_Telecom_V1_VlessSettings, listener: Listener) throws(InvalidInput) {
    self.init(
      listener: listener,
      flow: try VLESSFlow(message.flow),
      transport: try Transport(message.transport, in: "vless"),
      security: try ServerSecurity(message.security)
    )
  }
}

extension ServerSecurity {
  fileprivate init(_ security: Helium_Telecom_V1_VlessSettings.OneOf_Security?) throws(InvalidInput)
  {
    switch security {
    case .tls(let tls): self = .tls(try ServerTLS(tls, field: "vless.tls"))
    case .reality(let reality): self = .reality(try ServerReality(reality, field: "vless.reality"))
    case nil: self = .none
    }
  }
}

extension Helium_Telecom_V1_VlessSettings {
  init(_ server: VLESSServer) {
    self.init()
    flow = server.flow == .vision ? .xtlsRprxVision : .unspecified
    transport = .init(server.transport)
    switch server.security {
    case .none: break
    case .tls(let tls): self.tls = .init(tls)
    case .reality(let reality): self.reality = .init(reality)
    }
  }
}

extension VLESSFlow {
  fileprivate init?(_ flow: Helium_Telecom_V1_VlessFlow) throws(InvalidInput) {
    switch flow {
    case .xtlsRprxVision: self = .vision
    case .unspecified: return nil
    case .UNRECOGNIZED: throw InvalidInput("vless.flow", "must be one of the flows")
    }
  }
}
