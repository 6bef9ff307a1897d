import AgentProtocols
import Platform
import SubscriptionFormats
import TelecomProtos

extension MieruServer {
  init(_ message: Helium_Telecom_V1_MieruSettings, listener: Listener) throws(InvalidInput) {
    self.init(
      listener: listener,
      transport: try MieruTransport(message.transport),
      multiplexing: try MieruMultiplexing(message.multiplexing)
    )
  }
}

extension Helium_Telecom_V1_MieruSettings {
  init(_ server: MieruServer) {
    self.init()
    transport = server.transport == .udp ? .udp : .tcp
    multiplexing = .init(server.multiplexing)
  }
}

extension MieruTransport {
  fileprivate init(_ transport: Helium_Telecom_V1_MieruTransport) throws(InvalidInput) {
    switch transport {
    case .tcp, .unspecified: self = .tcp
    case .udp: self = .udp
    case .UNRECOGNIZED: throw InvalidInput("mieru.transport", "must be TCP or UDP")
    }
  }
}

extension MieruMultiplexing {
  fileprivate init(_ multiplexing: Helium_Telecom_V1_MieruMultiplexing) throws(InvalidInput) {
    switch multiplexing {
    case .off: self = .off
    case .low, .unspecified: self = .low
    case .middle: self = .middle
    case .high: self = .high
    case .UNRECOGNIZED: throw InvalidInput("mieru.multiplexing", "must be one of the levels")
    }
  }
}

extension Helium_Telecom_V1_MieruMultiplexing {
  fileprivate init(_ multiplexing: MieruMultiplexing) {
    switch multiplexing {
    case .off: self = .off
    case .low: self = .low
    case .middle: self = .middle
    case .high: self = .high
    }
  }
}
