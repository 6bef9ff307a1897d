import FieldViolations
import Platform
import WireValues

/// Runs `body`, which reads the message in `field`, and names the fields that it finds wrong from
/// the request's top.
func reading<R>(_ field: String, _ body: () throws -> R) throws -> R {
  do {
    return try body()
  } catch let error as InvalidInput {
    throw InvalidInput(error.violations.inside(field))
  }
}

extension Identifier {
  /// Parses a field that may be absent.
  init?(optional text: String?, field: String) throws(InvalidInput) {
    guard let text else { return nil }
    try self.init(text, field: field)
  }
}
