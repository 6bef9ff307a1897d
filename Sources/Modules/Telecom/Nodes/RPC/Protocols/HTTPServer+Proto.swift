import AgentProtocols
import Platform
import TelecomProtos

extension HTTPServer {
  init(_ message: Helium_Telecom_V1_HttpSettings, listener: Listener) throws(InvalidInput) {
    self.init(
      listener: listener,
      tls: message.hasTls ? try ServerTLS(message.tls, field: "http.tls") : nil
    )
  }
}

extension Helium_Telecom_V1_HttpSettings {
  init(_ server: HTTPServer) {
    self.init()
    if let tls = server.tls { self.tls = .init(tls) }
  }
}
