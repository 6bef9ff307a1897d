import GRPCCore
import Manifest
import Platform
import RPCEdge
import SwiftProtobuf
import Testing

@testable import Server

/// Each method of the contract is an operation of some module, and none is two.
@Suite struct ContractTests {
  private static var served: [String] {
    Modules.all.flatMap { module in
      func methods<M: HeliumModule>(of module: M.Type) -> [String] {
        module.calls.map(\.method.fullyQualifiedMethod)
      }
      return methods(of: module)
    }
  }

  @Test func `every method of the contract is served, once`() throws {
    let files = try Reflection.descriptors().file
    let contract = files.filter { $0.package.hasPrefix("helium.") }.flatMap { file in
      file.service.flatMap { service in
        service.method.map { "\(file.package).\(service.name)/\($0.name)" }
      }
    }
    #expect(contract.count > 100)
    #expect(Self.served.sorted() == contract.sorted())
  }
}
