extension Rule {
  private static let drivers = [
    "Sources/Postgres", "Sources/Redis", "Sources/AMQP", "Sources/SMTP",
  ]
  /// What a driver must not know.
  private static let aboveDrivers: Set<Substring> = [
    "Platform", "Contracts", "WireValues", "Server", "Migrations", "LocalServers", "HTTPEdge",
    "RPCEdge", "Manifest",
  ]
  private static let wire: Set<Substring> = [
    "SwiftProtobuf", "WireValues", "GRPCCore", "GRPCProtobuf",
  ]
  private static let http: Set<Substring> = ["HTTPEdge", "HTTPTypes"]

  /// Whether a target holds what is generated from the RPC contract.
  private static func isProtos(_ name: Substring) -> Bool {
    name.hasSuffix("Protos") || name == "ProtoDescriptors"
  }

  /// Who may know whom: ARCHITECTURE.md, "Dependency rules".
  static let dependencyRules = [
    imports(
      "a module imports no other module",
      example: SourceFile(
        path: "Sources/Modules/Shop/Services/PayOrder.swift",
        text: "import Platform\npackage import Telecom\n"
      )
    ) { file, name in
      guard let module = file.module else { return false }
      return name != module && SourceTree.modules.contains(name)
    },
    imports(
      "a module imports no other module's messages",
      example: SourceFile(
        path: "Sources/Modules/Shop/RPC/OrderRPC.swift",
        text: "import TelecomProtos\n"
      )
    ) { file, name in
      guard let module = file.module, isProtos(name) else { return false }
      return name != "\(module)Protos" && name != "CommonProtos"
    },
    imports(
      "a driver imports nothing of Helium",
      example: SourceFile(path: "Sources/Redis/RedisClient.swift", text: "import Platform\n")
    ) { file, name in
      drivers.contains(where: file.isIn)
        && (aboveDrivers.contains(name) || isProtos(name) || SourceTree.modules.contains(name))
    },
    imports(
      "Contracts, Platform and HTTPEdge import no module and no generated service",
      example: SourceFile(
        path: "Sources/Contracts/Shop/OrderPaid.swift",
        text: "package import ShopProtos\n"
      )
    ) { file, name in
      ["Sources/Contracts", "Sources/Platform", "Sources/HTTPEdge"].contains(where: file.isIn)
        && (wire.contains(name) || isProtos(name) || SourceTree.modules.contains(name))
    },
    imports(
      "in a module only RPC/ knows Protocol Buffers and gRPC; the module's own file may list services",
      example: SourceFile(
        path: "Sources/Modules/Shop/Services/PayOrder.swift",
        text: "import ShopProtos\n"
      )
    ) { file, name in
      guard let module = file.module, wire.contains(name) || isProtos(name) else { return false }
      return !file.isIn("RPC")
        && !(name == "GRPCCore" && file.path == "Sources/Modules/\(module)/\(module).swift")
    },
    imports(
      "only Server, HTTPEdge, Manifest and a module's Routes/, Webhooks/ and +Routes file know HTTP",
      example: SourceFile(
        path: "Sources/Modules/Telecom/Services/FetchSubscription.swift",
        text: "import HTTPEdge\n"
      )
    ) { file, name in
      guard name.hasPrefix("Hummingbird") || http.contains(name) else { return false }
      if file.module == nil {
        return !["Sources/Server", "Sources/HTTPEdge", "Sources/Manifest"].contains(
          where: file.isIn
        )
      }
      return !["Routes", "Webhooks"].contains(where: file.isIn)
        && !file.name.hasSuffix("+Routes.swift")
    },
    imports(
      "the server links FoundationEssentials, not Foundation, which brings 38 MB of tables",
      example: SourceFile(
        path: "Sources/Platform/Values/Instant.swift",
        text: "import Foundation\n"
      )
    ) { _, name in name == "Foundation" },
    line(
      "only Server reads the environment",
      exceptions: [
        "Sources/LocalServers/MailSink.swift":
          "finds the Python of this machine that a developer names"
      ],
      in: { $0.isIn("Sources") && !$0.path.hasPrefix("Sources/Server/") },
      example: SourceFile(
        path: "Sources/Modules/Shop/Shop.swift",
        text: "let key = getenv(\"KEY\")\n"
      )
    ) { line in
      ["getenv(", "EnvironmentVariablesProvider", "processInfo.environment"].contains(
        where: line.contains
      )
    },
    line(
      "in a module only Entities/ holds SQL",
      in: {
        ($0.module != nil || $0.isIn("Sources/Server")) && !$0.isIn("Entities")
          && $0.path.hasSuffix(".swift")
      },
      example: SourceFile(
        path: "Sources/Modules/Shop/Services/PayOrder.swift",
        text: "let sql = \"SELECT 1 FROM shop.orders\"\n"
      )
    ) { line in
      line.contains("\"") && line.contains(#/"(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH) /#)
    },
    Rule(
      statement: "a module's SQL names no other module's schema",
      offences: { file in
        guard let module = file.module?.lowercased(), file.path.hasSuffix(".sql") else { return [] }
        let others = SourceTree.modules.map { $0.lowercased() }.filter { $0 != module }
        return file.lines.enumerated().filter { _, line in
          guard !line.isComment else { return false }
          return line.matches(of: /\b([a-z]+)\.[a-z_]+/).contains { others.contains(String($0.1)) }
        }.map { $0.offset + 1 }
      },
      example: SourceFile(
        path: "Sources/Modules/Shop/Entities/Order.sql",
        text: "SELECT id FROM telecom.packages;\n"
      )
    ),
  ]
}
