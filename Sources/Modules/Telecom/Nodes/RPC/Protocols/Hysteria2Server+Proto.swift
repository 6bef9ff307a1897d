import AgentProtocols
import Platform
import SubscriptionFormats
import SwiftProtobuf
import TelecomProtos

extension Hysteria2Server {
  init(_ message: Helium_Telecom_V1_Hysteria2Settings, listener: Listener) throws(InvalidInput) {
    self.init(
      listener: listener,
      tls: try ServerTLS(message.tls, field: "hysteria2.tls"),
      upMbps: message.upMbps,
      downMbps: message.downMbps,
      obfuscationPassword: message.hasObfsPassword ? message.obfsPassword : nil,
      hopping: message.hasPortHopping ? try PortHopping(message.portHopping) : nil
    )
  }
}

extension Helium_Telecom_V1_Hysteria2Settings {
  init(_ server: Hysteria2Server) {
    self.init()
    tls = .init(server.tls)
    upMbps = server.upMbps
    downMbps = server.downMbps
    if let password = server.obfuscationPassword { obfsPassword = password }
    if let hopping = server.hopping {
      portHopping = .with {
        $0.first = UInt32(hopping.first)
        $0.last = UInt32(hopping.last)
        $0.intervalSeconds = UInt32(hopping.interval)
      }
    }
  }
}

extension PortHopping {
  fileprivate init(_ message: Helium_Telecom_V1_PortHopping) throws(InvalidInput) {
    guard let first = UInt16(exactly: message.first) else {
      throw InvalidInput("hysteria2.port_hopping.first", "must be 1 to 65535")
    }
    guard let last = UInt16(exactly: message.last) else {
      throw InvalidInput("hysteria2.port_hopping.last", "must be 1 to 65535")
    }
    guard let interval = UInt16(exactly: message.intervalSeconds) else {
      throw InvalidInput("hysteria2.port_hopping.interval_seconds", "must be at most 65535")
    }
    self.init(first: first, last: last, interval: interval == 0 ? Self.defaultInterval : interval)
  }
}
