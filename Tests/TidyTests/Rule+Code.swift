extension Rule {
  /// A file that is longer is about more than one thing.
  static let maxLines = 300

  private static let isSwiftSource: @Sendable (SourceFile) -> Bool = {
    $0.path.hasPrefix("Sources/") && $0.path.hasSuffix(".swift")
  }
  private static let isSwift: @Sendable (SourceFile) -> Bool = { $0.path.hasSuffix(".swift") }
  /// Drivers and the servers of this machine turn callbacks and child processes into structured
  /// calls; nobody else needs a task of its own.
  private static let startsTasks = [
    "Sources/Postgres", "Sources/Redis", "Sources/AMQP", "Sources/SMTP", "Sources/LocalServers",
  ]

  /// What no file says: STYLE.md.
  static let codeRules = [
    line(
      "nothing is public: package for what a target offers",
      in: isSwiftSource,
      example: SourceFile(
        path: "Sources/Tokens/MasterKey.swift",
        text: "  public static let size = 32\n"
      )
    ) { line in
      line.contains("public ") && line.contains(#/^\s*(@\w+ )*(static |final )*public /#)
    },
    Rule(
      statement: "no note of unfinished work: finish it, or file an issue",
      offences: { file in
        let notes = ["TO" + "DO", "FIX" + "ME"]
        guard notes.contains(where: file.text.contains) else { return [] }
        return file.lines.enumerated().filter { _, line in notes.contains(where: line.contains) }
          .map { $0.offset + 1 }
      },
      example: SourceFile(path: "Sources/Tokens/MasterKey.swift", text: "// TO" + "DO: later\n")
    ),
    line(
      "no error is turned into a crash",
      in: isSwift,
      example: SourceFile(
        path: "Tests/ShopTests/OrderTests.swift",
        text: "let order = try" + "! Order()\n"
      )
    ) { line in line.contains("try" + "!") },
    Rule(
      statement: "what the compiler can't check about concurrency has its proof on the line before",
      offences: { file in
        guard isSwift(file) else { return [] }
        let unchecked = ["@unchecked" + " Sendable", "nonisolated(" + "unsafe)"]
        let lines = file.lines
        return lines.indices.filter { index in
          guard !lines[index].isComment, unchecked.contains(where: lines[index].contains) else {
            return false
          }
          // An attribute may stand between.
          let above = lines[..<index].last { !$0.drop(while: { $0 == " " }).hasPrefix("@") }
          return above?.isComment != true
        }.map { $0 + 1 }
      },
      example: SourceFile(
        path: "Sources/Postgres/PostgresRows.swift",
        text: "\nfinal class Answer: @unchecked" + " Sendable {\n"
      )
    ),
    line(
      "concurrency is structured: no task of its own outside drivers",
      exceptions: [
        "Sources/TestKit/StartedOnce.swift":
          "one start of the servers, which every test of the process waits for"
      ],
      in: { file in isSwiftSource(file) && !startsTasks.contains(where: file.isIn) },
      example: SourceFile(
        path: "Sources/Modules/Shop/Services/PayOrder.swift",
        text: "    Task { await notify() }\n"
      )
    ) { line in
      line.contains("Task") && line.contains(#/(^|[^\w.])Task(\.detached)?(\([^)]*\))? *\{/#)
    },
    line(
      "a transaction's handle has a name of its own",
      in: isSwiftSource,
      example: SourceFile(
        path: "Sources/Modules/Shop/Jobs/CancelOverdueOrders.swift",
        text: "try await shop.transaction { shop in\n"
      )
    ) { line in
      line.contains(".transaction {") && line.contains(#/\b(\w+)\.transaction \{ \1 in/#)
    },
    Rule(
      statement: "a file has fewer than \(maxLines) lines",
      offences: { file in
        guard isSwift(file) else { return [] }
        return file.lines.count > maxLines ? [file.lines.count] : []
      },
      example: SourceFile(
        path: "Sources/Postgres/Pool/Pool.swift",
        text: String(repeating: "\n", count: maxLines + 1)
      )
    ),
  ]
}
