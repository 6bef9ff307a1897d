extension MailTemplateKind {
  /// The templates that Helium brings, by language.
  var builtIn: [String: MailTemplate] {
    switch self {
    case .registrationCode:
      [
        "en": Self.englishRegistrationCode, "de": Self.germanRegistrationCode,
        "zh": Self.chineseRegistrationCode,
      ]
    case .alreadyRegistered:
      [
        "en": Self.englishAlreadyRegistered, "de": Self.germanAlreadyRegistered,
        "zh": Self.chineseAlreadyRegistered,
      ]
    case .test: ["en": Self.englishTest, "de": Self.germanTest, "zh": Self.chineseTest]
    }
  }

  /// The built-in template in the fallback language.
  var builtInFallback: MailTemplate {
    switch self {
    case .registrationCode: Self.englishRegistrationCode
    case .alreadyRegistered: Self.englishAlreadyRegistered
    case .test: Self.englishTest
    }
  }

  private static let englishRegistrationCode = MailTemplate(
    subject: "Your registration code: {{code}}",
    text: """
      Your registration code is

          {{code}}

      Enter it where you registered. It is valid for a short time and can be used once.
      If you didn't register, ignore this mail. Nothing happens without the code.

      """,
    html: page(
      language: "en",
      before: "Your registration code is",
      after: [
        "Enter it where you registered. It is valid for a short time and can be used once.",
        "If you didn't register, ignore this mail. Nothing happens without the code.",
      ]
    )
  )

  private static let germanRegistrationCode = MailTemplate(
    subject: "Ihr Registrierungscode: {{code}}",
    text: """
      Ihr Registrierungscode lautet

          {{code}}

      Geben Sie ihn dort ein, wo Sie sich registriert haben. Er gilt kurze Zeit und nur einmal.
      Wenn Sie sich nicht registriert haben, ignorieren Sie diese Mail: ohne den Code geschieht nichts.

      """,
    html: page(
      language: "de",
      before: "Ihr Registrierungscode lautet",
      after: [
        "Geben Sie ihn dort ein, wo Sie sich registriert haben. Er gilt kurze Zeit und nur einmal.",
        "Wenn Sie sich nicht registriert haben, ignorieren Sie diese Mail: ohne den Code geschieht nichts.",
      ]
    )
  )

  private static let chineseRegistrationCode = MailTemplate(
    subject: "您的注册验证码:{{code}}",
    text: """
      您的注册验证码是

          {{code}}

      请在注册页面输入。验证码短时间内有效,且只能使用一次。
      如果您没有注册,请忽略此邮件:没有验证码,不会发生任何操作。

      """,
    html: page(
      language: "zh",
      before: "您的注册验证码是",
      after: ["请在注册页面输入。验证码短时间内有效,且只能使用一次。", "如果您没有注册,请忽略此邮件:没有验证码,不会发生任何操作。"]
    )
  )

  private static let englishAlreadyRegistered = MailTemplate(
    subject: "You already have an account",
    text: """
      Someone, probably you, tried to register with this mail address.
      It already has an account: log in with its password.
      If it wasn't you, ignore this mail. Nothing was changed.

      """
  )

  private static let germanAlreadyRegistered = MailTemplate(
    subject: "Sie haben schon ein Konto",
    text: """
      Jemand, wahrscheinlich Sie, wollte sich mit dieser Mailadresse registrieren.
      Sie hat schon ein Konto: Melden Sie sich mit dessen Passwort an.
      Wenn Sie das nicht waren, ignorieren Sie diese Mail: Es wurde nichts geändert.

      """
  )

  private static let chineseAlreadyRegistered = MailTemplate(
    subject: "您已有账户",
    text: """
      有人(可能是您)想用此邮箱地址注册。
      该地址已有账户:请使用其密码登录。
      如果不是您本人操作,请忽略此邮件:没有任何更改。

      """
  )

  private static let englishTest = MailTemplate(
    subject: "Test mail",
    text: """
      This is a test. An operator sent it to see if mails arrive.

      """
  )

  private static let germanTest = MailTemplate(
    subject: "Testmail",
    text: """
      Dies ist ein Test, ob Mails ankommen.

      """
  )

  private static let chineseTest = MailTemplate(
    subject: "测试邮件",
    text: """
      这是一封测试邮件,用于检查邮件能否送达。

      """
  )

  private static func page(language: String, before: String, after: [String]) -> String {
    """
    <!DOCTYPE html>
    <html lang="\(language)">
    <body style="font-family: sans-serif; line-height: 1.5">
    <p>\(before)</p>
    <p style="font-size: 1.8em; letter-spacing: 0.15em"><strong>{{code}}</strong></p>
    \(after.map { "<p>\($0)</p>" }.joined(separator: "\n"))
    </body>
    </html>

    """
  }
}
