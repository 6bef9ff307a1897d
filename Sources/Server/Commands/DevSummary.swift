import FoundationEssentials
import Platform
import SystemPackage

/// What `helium dev` prints when everything runs: addresses, and commands that work as printed.
struct DevSummary {
  let directory: FilePath
  let ports: DevPorts
  let demo: DemoInstallation
  let sendsMailToSink: Bool

  private static let purposes: [WorkMode: String] = [
    .grpc: "gRPC, with reflection", .subscribeAPI: "subscription links",
    .webhookAPI: "payment notifications", .nodeAPI: "node agents",
  ]

  /// The folder as a user of this terminal would name it.
  private var shownDirectory: String { Self.shortened(directory.string) }

  private static func shortened(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }

  var text: String {
    (["", "Helium is running. Ctrl-C stops everything."] + addresses + [""] + customers + [
      "", "Try next, in another terminal:",
    ] + commands + [""])
    .joined(separator: "\n")
  }

  private var addresses: [String] {
    let serving = WorkMode.all.workers.compactMap { mode -> String? in
      guard let port = ports.serving[mode] else { return nil }
      let address = "127.0.0.1:\(port)"
      return "  \(Self.column(mode.rawValue))\(Self.column(address))  \(Self.purposes[mode] ?? "")"
    }
    let folder = Self.column("\(shownDirectory)/mail")
    let mail =
      sendsMailToSink
      ? ["  \(Self.column("mail"))\(folder)  every mail that is sent, one file each"] : []
    return serving + mail + [
      "  \(Self.column("for scripts"))\(Self.column("\(shownDirectory)/dev.json"))  all of this, as JSON"
    ]
  }

  private static func column(_ text: String) -> String {
    text + String(repeating: " ", count: max(0, 16 - text.count))
  }

  private var customers: [String] {
    [
      "Demo data: \(demo.nodes.count) nodes, and \(demo.accounts) customers with active packages.",
      "One of them is \(demo.customer.email), with the password \(demo.customer.password).",
    ]
  }

  private var commands: [String] {
    var commands: [String] = []
    func add(_ purpose: String, _ lines: String...) {
      commands += ["", "  # \(purpose)"] + lines.map { "  \($0)" }
    }
    if let worker = WorkMode.all.workers.first(where: { ports.health[$0] != nil }),
      let port = ports.health[worker]
    {
      add("is \(worker.rawValue) ready?", "curl -s http://127.0.0.1:\(port)/readyz")
    }
    if let url = demo.customer.subscriptionURL {
      add(
        "the customer's subscription, as a Mihomo client fetches it",
        "curl -s '\(url)?format=mihomo'"
      )
    }
    if let port = ports.serving[.nodeAPI], let node = demo.nodes.first {
      add(
        "the users of node \(node.id), as its agent fetches them",
        "curl -s 'http://127.0.0.1:\(port)/api/v1/server/UniProxy/user?node_id=\(node.id)&token=\(node.token)'"
      )
    }
    if let port = ports.serving[.grpc] { addLogIn(port, add) }
    add(
      "the other commands of this program",
      ". \(shownDirectory)/env.sh",
      "helium node check \(demo.nodes.first?.id ?? 1)",
      "helium messages lag",
      "helium admin permissions"
    )
    return commands
  }

  private func addLogIn(_ port: Int, _ add: (String, String...) -> Void) {
    let call = "curl --protocol grpc --http2-prior-knowledge"
    let data =
      "-d '{\"api_key\": \"\(demo.admin.apiKey)\"}' http://127.0.0.1:\(port)/helium.manage.v1.AdminAuthService/AdminLogin"
    if let buf = Self.buf {
      add("log in as the operator", "\(buf) \(call) \\", "  \(data)")
    } else if FileManager.default.isExecutableFile(atPath: "Tools/install") {
      let purpose = "log in as the operator; the first line installs buf, a gRPC client, into .venv"
      add(purpose, "Tools/install tools", ".venv/bin/buf \(call) \\", "  \(data)")
    }
  }

  /// A gRPC client of this machine.
  private static var buf: String? {
    if FileManager.default.isExecutableFile(atPath: ".venv/bin/buf") { return ".venv/bin/buf" }
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/buf") }
      ? "buf" : nil
  }
}
