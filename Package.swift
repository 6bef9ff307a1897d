// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Every Swift target is compiled alike: Swift 6 mode, boundaries visible in the imports, warnings
/// are errors.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

func library(
  _ name: String,
  _ dependencies: [Target.Dependency] = [],
  path: String? = nil,
  exclude: [String] = []
) -> Target {
  .target(
    name: name,
    dependencies: dependencies,
    path: path,
    exclude: exclude,
    swiftSettings: strict
  )
}

/// A domain module. It knows Platform, Contracts and its own protos, and never another module.
func module(_ name: String, _ more: [Target.Dependency] = []) -> Target {
  .target(
    name: name,
    dependencies: [
      "Contracts", "FieldViolations", "HTTPEdge", "Manifest", "Platform", "RPCEdge", "Tokens",
      "WireValues",
      .target(name: "\(name)Protos"), grpcCore, hummingbird, lifecycle, logging, protobuf,
    ] + more,
    path: "Sources/Modules/\(name)",
    exclude: sqlFiles(in: "Sources/Modules/\(name)"),
    swiftSettings: strict
  )
}

/// The messages and services generated from one package of `.proto` files: a contract's edit rebuilds
/// its own module alone.
func protos(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
  library(
    "\(name)Protos",
    imports + [grpcCore, grpcProtobuf, protobuf],
    path: "Sources/Protos/\(name)"
  )
}

/// The `.sql` files beside a target's entities: sources of generated Swift, nothing to compile.
func sqlFiles(in path: String) -> [String] {
  let files = FileManager.default.enumerator(atPath: "\(Context.packageDirectory)/\(path)")
  return (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".sql") }.sorted()
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: [.target(name: name), "TestKit"] + dependencies,
    swiftSettings: strict
  )
}

func moduleTests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  tests(
    name,
    [
      "WorldKit", "Contracts", "FieldViolations", "Manifest", "Platform", "Postgres", "RPCEdge",
      crypto, logging,
    ]
      + dependencies
  )
}

// Third-party products. Each enters at the targets that name it below and nowhere else.
let asyncAlgorithms = Target.Dependency.product(
  name: "AsyncAlgorithms",
  package: "swift-async-algorithms"
)
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser",
  package: "swift-argument-parser"
)
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let grpcCore = Target.Dependency.product(name: "GRPCCore", package: "grpc-swift-2")
let grpcProtobuf = Target.Dependency.product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
let grpcTransport = Target.Dependency.product(
  name: "GRPCNIOTransportHTTP2",
  package: "grpc-swift-nio-transport"
)
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let instrumentation = Target.Dependency.product(
  name: "Instrumentation",
  package: "swift-distributed-tracing"
)
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle",
  package: "swift-service-lifecycle"
)
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioCertificates = Target.Dependency.product(
  name: "NIOCertificateReloading",
  package: "swift-nio-extras"
)
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let serviceContext = Target.Dependency.product(
  name: "ServiceContextModule",
  package: "swift-service-context"
)
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
  name: "helium",
  products: [.executable(name: "helium", targets: ["helium"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.4"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
    .package(url: "https://github.com/apple/swift-service-context", from: "1.5.1"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.1"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  ],
  targets: [
    // C libraries, from Debian's -dev packages.
    .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(
      name: "CRabbitMQ",
      pkgConfig: "librabbitmq",
      providers: [.apt(["librabbitmq-dev"])]
    ),
    .systemLibrary(
      name: "CCurl",
      pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"])]
    ),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(
      name: "CQRCode",
      pkgConfig: "libqrencode",
      providers: [.apt(["libqrencode-dev"])]
    ),
    .target(name: "CEpoll"),

    // Drivers. They know nothing of Helium.
    library(
      "Postgres",
      ["CLibpq", "CEpoll", collections, coreMetrics, lifecycle, logging, metrics]
    ),
    library(
      "Redis",
      [collections, coreMetrics, lifecycle, logging, metrics, nioCore, nioPosix, nioSSL]
    ),
    library(
      "AMQP",
      ["CRabbitMQ", "CEpoll", collections, coreMetrics, lifecycle, logging, metrics]
    ),
    library("SMTP", ["CCurl", "CEpoll", coreMetrics, logging, metrics]),

    // What every module stands on.
    library(
      "Platform",
      [
        "FieldViolations",
        "Postgres", "Redis", "AMQP", asyncAlgorithms, crypto, lifecycle, logging, metrics, tracing,
        instrumentation, serviceContext,
      ],
      exclude: sqlFiles(in: "Sources/Platform")
    ),
    library("FieldViolations"),
    library("Contracts", ["Platform"]),
    library("Tokens", ["CSodium", crypto, jwt, nioPosix]),
    library("WireValues", ["Platform", "CommonProtos", protobuf]),
    library("RPCEdge", ["Platform", grpcCore, grpcProtobuf, protobuf]),
    library(
      "HTTPEdge",
      ["Platform", httpTypes, hummingbird, logging, nioCore, serviceContext, tracing]
    ),
    library(
      "Manifest",
      ["HTTPEdge", "Platform", "RPCEdge", "Redis", "Tokens", hummingbird, lifecycle, logging]
    ),
    library("SubscriptionFormats"),
    library("AgentProtocols", ["FieldViolations", "SubscriptionFormats"]),
    library("Templates"),

    // The RPC contract: a target per package, and the descriptors that reflection serves.
    protos("Common"),
    protos("Auth"),
    protos("Mailer"),
    protos("Manage"),
    protos("Shop", ["CommonProtos"]),
    protos("Telecom"),
    protos("GRPC"),
    library("ProtoDescriptors", path: "Sources/Protos/Descriptors"),

    // The domain.
    module("Auth", ["Redis"]),
    module("Manage", ["Redis"]),
    module("Shop", [crypto]),
    module(
      "Telecom",
      [
        "AgentProtocols", "CQRCode", "SubscriptionFormats", "Templates", "Redis", crypto, httpTypes,
      ]
    ),
    module("Mailer", ["SMTP", "Templates"]),

    // Assembly.
    library("LocalServers", [subprocess, systemPackage, logging]),
    library("Prometheus", [coreMetrics]),
    library("Migrations", ["Postgres", crypto, logging]),
    library(
      "Server",
      [
        "FieldViolations",
        "Auth", "Mailer", "Manage", "Shop", "Telecom", "Contracts", "HTTPEdge", "Manifest",
        "Platform", "GRPCProtos", "ProtoDescriptors", "Prometheus", "Migrations", "RPCEdge",
        "LocalServers", "Tokens", "Postgres", "Redis", "AMQP", "SMTP",
        asyncAlgorithms, configuration, crypto, grpcCore, grpcProtobuf, grpcTransport, httpTypes,
        hummingbird, hummingbirdTLS, lifecycle,
        logging, metrics, nioCertificates, nioCore, nioHTTPTypes, nioPosix, nioSSL, protobuf,
        serviceContext, subprocess, systemPackage,
        tracing, instrumentation, unixSignals,
      ]
    ),
    .executableTarget(
      name: "helium",
      dependencies: ["Server", "Platform", argumentParser, systemPackage],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "bench",
      dependencies: [
        "AMQP", "AgentProtocols", "LocalServers", "Postgres", "Redis", "SubscriptionFormats",
        argumentParser, logging, subprocess, systemPackage,
      ],
      path: "Benchmarks/Bench",
      swiftSettings: strict
    ),
    .executableTarget(
      name: "confirmed-publish",
      dependencies: ["CRabbitMQ"],
      path: "Benchmarks/ConfirmedPublish"
    ),
    .executableTarget(name: "sqlc-gen-swift", path: "Tools/sqlc-gen-swift", swiftSettings: strict),

    // What tests stand on: servers, then a migrated database with a module's world in it.
    library("TestKit", ["LocalServers", systemPackage]),
    library(
      "WorldKit",
      [
        "TestKit", "Platform", "Migrations", "Contracts", "CLibpq", "Postgres", "Redis", "AMQP",
        crypto, logging,
      ]
    ),

    tests("Postgres"),
    .testTarget(
      name: "RedisTests",
      dependencies: ["Redis", lifecycle, logging, nioCore],
      swiftSettings: strict
    ),
    tests("AMQP", [lifecycle, logging, subprocess, systemPackage]),
    .testTarget(
      name: "SMTPTests",
      dependencies: ["SMTP", logging, subprocess, systemPackage],
      swiftSettings: strict
    ),
    .testTarget(name: "TokensTests", dependencies: ["Tokens", crypto], swiftSettings: strict),
    // Servers of every protocol, golden files and the programs of clients, for the next two.
    library("ProtocolKit", ["AgentProtocols", "SubscriptionFormats"], path: "Tests/ProtocolKit"),
    .testTarget(
      name: "AgentProtocolsTests",
      dependencies: ["AgentProtocols", "FieldViolations", "ProtocolKit", "SubscriptionFormats"],
      exclude: ["Golden"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "SubscriptionFormatsTests",
      dependencies: ["AgentProtocols", "ProtocolKit", "SubscriptionFormats"],
      exclude: ["Golden"],
      swiftSettings: strict
    ),
    .testTarget(name: "TemplatesTests", dependencies: ["Templates"], swiftSettings: strict),
    .testTarget(
      name: "PrometheusTests",
      dependencies: ["Prometheus", coreMetrics, metrics],
      swiftSettings: strict
    ),
    .testTarget(name: "SqlcGenSwiftTests", dependencies: ["sqlc-gen-swift"], swiftSettings: strict),
    .testTarget(
      name: "LocalServersTests",
      dependencies: ["LocalServers", logging, subprocess, systemPackage],
      swiftSettings: strict
    ),
    .testTarget(
      name: "TestKitTests",
      dependencies: ["TestKit", "LocalServers"],
      swiftSettings: strict
    ),
    tests(
      "Platform",
      [
        "FieldViolations", crypto, "WorldKit", "AMQP", "Postgres", "Redis", lifecycle, logging,
        serviceContext, tracing,
      ]
    ),
    tests(
      "HTTPEdge",
      ["Platform", "Postgres", httpTypes, hummingbird, logging, serviceContext]
    ),
    tests("Migrations", ["Postgres", logging]),
    moduleTests("Auth", ["AuthProtos", "Manifest", "RPCEdge", "Tokens", "Redis", protobuf]),
    moduleTests("Manage", ["ManageProtos", "Tokens", "Redis"]),
    moduleTests("Shop", ["CommonProtos", "ShopProtos"]),
    moduleTests(
      "Telecom",
      [
        "AgentProtocols", "HTTPEdge", "TelecomProtos", "Redis", "SubscriptionFormats", httpTypes,
        hummingbird, lifecycle, protobuf,
      ]
    ),
    moduleTests("Mailer", ["MailerProtos", "SMTP", lifecycle]),
    tests(
      "Server",
      [
        "FieldViolations",
        "WorldKit", "Auth", "HTTPEdge", "LocalServers", "Mailer", "Manage", "Manifest",
        "Migrations", "Platform", "Postgres", "GRPCProtos", "Prometheus", "RPCEdge", "Shop",
        "Telecom", "TelecomProtos",
        "Tokens", "AMQP", "Redis", asyncAlgorithms, configuration, grpcCore, grpcProtobuf,
        grpcTransport, httpTypes, hummingbird,
        lifecycle, logging, nioCertificates, nioCore, nioEmbedded, nioHTTPTypes, nioPosix, nioSSL,
        protobuf, serviceContext, subprocess,
        systemPackage,
      ]
    ),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["LocalServers", "TestKit", systemPackage],
      exclude: ["Scripts"],
      swiftSettings: strict
    ),
    .testTarget(name: "TidyTests", swiftSettings: strict),
  ]
)
