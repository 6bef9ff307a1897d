import FieldViolations
import Testing

@testable import Mailer
@testable import Platform

@Suite struct MailerSettingsTests {
  private func fields(_ document: String) -> [String] {
    do {
      _ = try SettingsKind(MailerSettings.self).parse(Array(document.utf8), nil)
      return []
    } catch let error as InvalidInput {
      return error.violations.map(\.field)
    } catch {
      return ["\(error)"]
    }
  }

  @Test func `the defaults are valid, and so is an empty document`() {
    #expect(MailerSettings().violations() == [])
    #expect(fields("{}") == [])
  }

  @Test func `settings survive being stored`() throws {
    var settings = MailerSettings()
    settings.smtpURL = "smtps://user:secret@mail.example.com"
    settings.templates = [
      "registration_code": ["en": MailTemplate(subject: "Code", text: "{{code}}")]
    ]
    #expect(try JSON.decode(MailerSettings.self, from: JSON.encode(settings)) == settings)
  }

  @Test(arguments: [
    (#"{"smtp_url": "http://mail.example.com"}"#, "smtp_url"),
    (#"{"from_address": "nobody"}"#, "from_address"),
    (#"{"from_name": "a\nb"}"#, "from_name"),
    (#"{"from_name": 1}"#, "from_name"),
    (#"{"delivery_retention_days": 0}"#, "delivery_retention_days"),
    (#"{"delivery_retention_days": 3651}"#, "delivery_retention_days"),
    (#"{"templates": {"birthday": {}}}"#, "templates.birthday"),
    (
      #"{"templates": {"registration_code": {"EN": {"subject": "s", "text": "{{code}}"}}}}"#,
      "templates.registration_code.EN"
    ),
    (
      #"{"templates": {"registration_code": {"en": {"subject": "s"}}}}"#,
      "templates.registration_code.en.text"
    ),
    (
      #"{"templates": {"registration_code": {"en": {"subject": "", "text": "{{code}}"}}}}"#,
      "templates.registration_code.en.subject"
    ),
    (
      #"{"templates": {"registration_code": {"en": {"subject": "s", "text": "no code"}}}}"#,
      "templates.registration_code.en.text"
    ),
    (
      #"{"templates": {"registration_code": {"en": {"subject": "s", "text": "{{code}}", "html": "{{#code}}"}}}}"#,
      "templates.registration_code.en.html"
    ),
  ])
  func `what is wrong is named by its field`(document: String, field: String) {
    #expect(fields(document) == [field])
  }

  @Test(arguments: ["subject", "text", "html"])
  func `a template that names what its mail doesn't have is refused`(field: String) {
    var template = ["subject": "s", "text": "{{code}}", "html": "{{code}}"]
    template[field, default: ""] += "{{coed}}"
    let texts = template.map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ")
    #expect(
      fields("{\"templates\": {\"registration_code\": {\"en\": {\(texts)}}}}") == [
        "templates.registration_code.en.\(field)"
      ]
    )
  }

  @Test func `everything wrong is named at once`() {
    #expect(fields(#"{"smtp_url": "x", "from_address": "y"}"#) == ["smtp_url", "from_address"])
  }

  @Test func `what is said of a bad URL doesn't repeat its password`() {
    var settings = MailerSettings()
    settings.smtpURL = "smtp://user:secret@mail.example.com?starttls=perhaps"
    #expect(settings.violations().allSatisfy { !$0.description.contains("secret") })
    #expect(settings.violations().map(\.field) == ["smtp_url"])
  }
}
