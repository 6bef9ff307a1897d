import AgentProtocols
import Platform
import SubscriptionFormats
import TelecomProtos

extension TUICServer {
  init(_ message: Helium_Telecom_V1_TuicSettings, listener: Listener) throws(InvalidInput) {
    self.init(
      listener: listener,
      tls: try ServerTLS(message.tls, field: "tuic.tls"),
      congestionControl: try CongestionControl(message.congestionControl),
      allowsZeroRTT: message.zeroRttHandshake
    )
  }
}

extension Helium_Telecom_V1_TuicSettings {
  init(_ server: TUICServer) {
    self.init()
    tls = .init(server.tls)
    congestionControl = .init(server.congestionControl)
    zeroRttHandshake = server.allowsZeroRTT
  }
}

extension CongestionControl {
  fileprivate init(_ control: Helium_Telecom_V1_CongestionControl) throws(InvalidInput) {
    switch control {
    case .cubic: self = .cubic
    case .bbr, .unspecified: self = .bbr
    case .newReno: self = .newReno
    case .UNRECOGNIZED:
      throw InvalidInput("tuic.congestion_control", "must be one of the controllers")
    }
  }
}

extension Helium_Telecom_V1_CongestionControl {
  fileprivate init(_ control: CongestionControl) {
    switch control {
    case .cubic: self = .cubic
    case .bbr: self = .bbr
    case .newReno: self = .newReno
    }
  }
}
