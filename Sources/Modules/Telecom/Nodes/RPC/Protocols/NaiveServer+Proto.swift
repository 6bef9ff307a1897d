import AgentProtocols
import Platform
import TelecomProtos

extension NaiveServer {
  init(_ message: Helium_Telecom_V1_NaiveSettings, listener: Listener) throws(InvalidInput) {
    self.init(listener: listener, tls: try ServerTLS(message.tls, field: "naive.tls"))
  }
}

extension Helium_Telecom_V1_NaiveSettings {
  init(_ server: NaiveServer) {
    self.init()
    tls = .init(server.tls)
  }
}
