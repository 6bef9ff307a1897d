import Platform
import SubscriptionFormats
import SwiftProtobuf
import TelecomProtos

extension Transport {
  init(_ message: Helium_Telecom_V1_Transport, in server: String) throws(InvalidInput) {
    switch message.type {
    case .tcp, nil: self = .tcp
    case .ws(let http): self = .webSocket(HTTPEndpoint(http.path, http.hasHost ? http.host : nil))
    case .httpupgrade(let http):
      self = .httpUpgrade(HTTPEndpoint(http.path, http.hasHost ? http.host : nil))
    case .grpc(let grpc): self = .grpc(serviceName: grpc.serviceName)
    case .xhttp(let http):
      let mode: XHTTPMode
      switch http.mode {
      case .unspecified: mode = .auto
      case .packetUp: mode = .packetUp
      case .streamUp: mode = .streamUp
      case .streamOne: mode = .streamOne
      case .UNRECOGNIZED:
        throw InvalidInput("\(server).transport.xhttp.mode", "must be one of the modes")
      }
      self = .xhttp(HTTPEndpoint(http.path, http.hasHost ? http.host : nil), mode: mode)
    }
  }
}

extension HTTPEndpoint {
  /// A transport's place; an empty path is the root.
  init(_ path: String, _ host: String?) {
    self.init(path: path.isEmpty ? "/" : path, host: host)
  }
}

extension Helium_Telecom_V1_Transport {
  init(_ transport: Transport) {
    self.init()
    switch transport {
    case .tcp: tcp = .init()
    case .webSocket(let endpoint): ws = .init(endpoint)
    case .httpUpgrade(let endpoint): httpupgrade = .init(endpoint)
    case .grpc(let serviceName): grpc = .with { $0.serviceName = serviceName }
    case .xhttp(let endpoint, let mode):
      xhttp = .with {
        $0.path = endpoint.path
        if let host = endpoint.host { $0.host = host }
        $0.mode =
          switch mode {
          case .auto: .unspecified
          case .packetUp: .packetUp
          case .streamUp: .streamUp
          case .streamOne: .streamOne
          }
      }
    }
  }
}

extension Helium_Telecom_V1_HttpTransport {
  fileprivate init(_ endpoint: HTTPEndpoint) {
    self.init()
    path = endpoint.path
    if let host = endpoint.host { self.host = host }
  }
}
