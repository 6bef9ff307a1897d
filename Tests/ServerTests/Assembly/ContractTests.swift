import Foundation
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

  @Test func `a method's comment says whether it takes an idempotency key`() throws {
    let comments = try Self.comments()
    var keyed = 0
    for module in Modules.all {
      func calls<M: HeliumModule>(
        of module: M.Type
      ) -> [(method: String, operation: any CalledOperation.Type)] {
        module.calls.map { ($0.method.fullyQualifiedMethod, $0.operation) }
      }
      for (method, operation) in calls(of: module) {
        let comment = try #require(comments[method], "\(method)")
        let takesKey = operation.repeats == .firstAnswer
        if takesKey { keyed += 1 }
        #expect(comment.contains("Takes an `idempotency-key`") == takesKey, "\(method)")
      }
    }
    #expect(keyed > 20)
  }

  /// The comment above each method in proto/, by the method's full name.
  private static func comments() throws -> [String: String] {
    let root = #filePath.split(separator: "/").dropLast(4).reduce(into: "") { $0 += "/\($1)" }
    let names = try FileManager.default.subpathsOfDirectory(atPath: "\(root)/proto")
    var comments: [String: String] = [:]
    for name in names where name.hasSuffix(".proto") {
      let text = try String(contentsOfFile: "\(root)/proto/\(name)", encoding: .utf8)
      var (package, service, comment) = ("", "", "")
      for line in text.split(separator: "\n") {
        let words = line.split { " ();{".contains($0) }
        switch words.first {
        case "//": comment += words.dropFirst().joined(separator: " ") + " "
        case "rpc":
          comments["\(package).\(service)/\(words[1])"] = comment
          comment = ""
        case "package": (package, comment) = (String(words[1]), "")
        case "service": (service, comment) = (String(words[1]), "")
        default: comment = ""
        }
      }
    }
    return comments
  }
}
