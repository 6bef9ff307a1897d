/// Why no Swift can be generated, in words for the author of the `.sql` file.
struct GeneratorError: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
