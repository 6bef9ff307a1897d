import AgentProtocols
import Platform
import TelecomProtos

extension AnyTLSServer {
  init(_ message: Helium_Telecom_V1_AnytlsSettings, listener: Listener) throws(InvalidInput) {
    self.init(
      listener: listener,
      tls: try ServerTLS(message.tls, field: "anytls.tls"),
      paddingScheme: message.paddingScheme.isEmpty
        ? Self.defaultPaddingScheme : message.paddingScheme
    )
  }
}

extension Helium_Telecom_V1_AnytlsSettings {
  init(_ server: AnyTLSServer) {
    self.init()
    tls = .init(server.tls)
    paddingScheme = server.paddingScheme
  }
}
