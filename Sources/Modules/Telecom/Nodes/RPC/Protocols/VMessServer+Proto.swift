import AgentProtocols
import Platform
import SubscriptionFormats
import TelecomProtos

extension VMessServer {
  init(_ message: Helium_Telecom_V1_VmessSettings, listener: Listener) throws(InvalidInput) {
    self.init(
      listener: listener,
      transport: try Transport(message.transport, in: "vmess"),
      security: message.hasTls ? .tls(try ServerTLS(message.tls, field: "vmess.tls")) : .none
    )
  }
}

extension Helium_Telecom_V1_VmessSettings {
  init(_ server: VMessServer) {
    self.init()
    transport = .init(server.transport)
    if case .tls(let tls) = server.security { self.tls = .init(tls) }
  }
}
