import FieldViolations
import Mailer
import Platform
import Shop
import Telecom

extension HeliumProcess {
  /// Checks what `init` doesn't: that the stores answer and that the stored settings are valid.
  /// Throws all problems.
  package func checkConfiguration() async throws -> String {
    try await withModules { resources, modules in
      let report = await resources.readiness.report()
      var problems = report.failures.sorted { $0.key < $1.key }.map {
        "\($0.key) doesn't answer: \($0.value)"
      }
      if report.failures["database"] == nil {
        if try await resources.database.isMigrated() {
          problems += try await Self.problems(of: ShopSettings.self, modules, resources)
          problems += try await Self.problems(of: TelecomSettings.self, modules, resources)
          problems += try await Self.problems(of: MailerSettings.self, modules, resources)
        } else {
          problems.append(NoSchema().description)
        }
      }
      guard problems.isEmpty else { throw ConfigurationFaults(problems: problems) }
      let mode = configuration.mode
      return "the configuration is valid for \(mode == .all ? "every worker" : mode.rawValue)"
    }
  }

  private static func problems<S: ModuleSettings>(
    of type: S.Type,
    _ modules: Modules,
    _ resources: Resources
  ) async throws -> [String] {
    let (version, document) = try await modules.settings.stored(S.module, in: resources.database)
    let violations: [FieldViolation]
    do {
      violations = try JSON.decode(S.self, from: document).violations()
    } catch let error as DecodingError {
      violations = [error.violation]
    }
    return violations.map {
      "settings of \(S.module), version \(version): \($0.field) \($0.description); store a corrected version with UpdateSettings"
    }
  }
}

/// What is wrong with what the environment names, and with what is stored.
struct ConfigurationFaults: Error, CustomStringConvertible {
  let problems: [String]

  var description: String {
    "the environment is valid, but:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
  }
}
