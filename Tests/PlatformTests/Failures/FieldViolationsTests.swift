import FieldViolations
import Platform
import Testing

@Suite struct FieldViolationsTests {
  @Test func `what is wrong is noted in order, and thrown together`() {
    var violations: [FieldViolation] = []
    violations.check(true, "a", "must be right")
    violations.check(false, "b", "must be right")
    violations.add("c", "is unknown")
    #expect(
      throws: InvalidInput([
        FieldViolation("b", "must be right"),
        FieldViolation("c", "is unknown"),
      ])
    ) { try violations.throwIfAny() }
  }

  @Test func `nothing is thrown where nothing is wrong`() throws {
    var violations: [FieldViolation] = []
    violations.check(true, "a", "must be right")
    violations.check(line: "a title", of: 1...10, "title")
    try violations.throwIfAny()
  }

  @Test func `what a part of a message has wrong is named from the message's top`() {
    let violations = [FieldViolation("url", "must be right")]
    #expect(
      violations.inside("links[0]") == [
        FieldViolation("links[0].url", "must be right")
      ]
    )
  }
}
