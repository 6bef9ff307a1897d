/// One environment variable that is missing or malformed.
package struct ConfigurationProblem: Sendable, Hashable, CustomStringConvertible {
  package let variable: String
  package let problem: String
  package let example: String

  package init(_ variable: String, _ problem: String, example: String) {
    self.variable = variable
    self.problem = problem
    self.example = example
  }

  package var description: String {
    "\(variable): \(problem), e.g. \(variable)=\(example)"
  }
}

/// Everything that is wrong with the environment, at once.
package struct ConfigurationError: Error, CustomStringConvertible {
  package let problems: [ConfigurationProblem]

  package init(problems: [ConfigurationProblem]) {
    self.problems = problems
  }

  package var description: String {
    "the environment is not valid:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
  }
}
