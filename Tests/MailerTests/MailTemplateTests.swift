import FieldViolations
import Platform
import Testing

@testable import Mailer

@Suite struct MailTemplateTests {
  private let template = MailTemplate(
    subject: "For {{code}}",
    text: "{{#code}}\nIt is {{code}}\n{{/code}}\n",
    html: "<p>{{code}}</p>"
  )

  @Test func `variables are escaped in HTML and nowhere else`() throws {
    let rendered = try template.render(["code": "<b>&\"1\"</b>"])
    #expect(rendered.subject == "For <b>&\"1\"</b>")
    #expect(rendered.text.contains("It is <b>&\"1\"</b>"))
    #expect(rendered.html == "<p>&lt;b&gt;&amp;&quot;1&quot;&lt;/b&gt;</p>")
  }

  @Test(arguments: MailTemplateKind.allCases)
  func `every built-in template is valid`(kind: MailTemplateKind) {
    for (language, template) in kind.builtIn {
      #expect(template.violations(as: kind) == [], "\(language)")
    }
  }

  @Test(arguments: [
    ("de-AT", "Ihr Registrierungscode: 1"), ("zh-Hans-CN", "您的注册验证码:1"),
    ("fr", "Your registration code: 1"),
    ("", "Your registration code: 1"),
  ])
  func `the nearest language is taken, and English where there is none`(
    language: String,
    subject: String
  ) throws {
    let rendered = try MailTemplateKind.registrationCode.template(for: language, in: [:]).render([
      "code": "1"
    ])
    #expect(rendered.subject == subject)
  }

  @Test func `an operator's template takes the place of the built-in one`() {
    let edited = ["registration_code": ["de": template]]
    #expect(MailTemplateKind.registrationCode.template(for: "de-CH", in: edited) == template)
    #expect(MailTemplateKind.registrationCode.template(for: "en", in: edited) != template)
  }
}
