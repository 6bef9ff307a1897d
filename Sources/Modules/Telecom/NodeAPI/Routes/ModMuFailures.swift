import HTTPEdge
import HTTPTypes
import Hummingbird
import Platform

/// SSPanel's `{"ret": 0, "msg": …}`. What is wrong with the request itself is answered 200, for its
/// agents judge by `ret`. Source: SSPanel-UIM 25.1.
struct ModMuFailures: HTTPFailureStyle {
  func response(to error: any DomainError) throws -> Response {
    switch error.kind {
    case .unauthenticated: try response(.unauthorized, "Invalid request.")
    case .invalidArgument: try response(.ok, "Invalid data.")
    case .failedPrecondition: try response(.ok, error.message)
    case let kind: try response(kind.httpStatus, error.message)
    }
  }

  func response(_ status: HTTPResponse.Status, _ message: String) throws -> Response {
    Response(json: try JSON.encode(Failure(msg: message)), status: status)
  }

  private struct Failure: Encodable {
    var ret = 0
    let msg: String
  }
}

extension HTTPFailureStyle where Self == ModMuFailures {
  static var modMu: ModMuFailures { ModMuFailures() }
}
