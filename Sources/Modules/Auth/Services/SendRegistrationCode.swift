import Contracts
import Platform

/// Mails a code that proves an address. The caller can't tell whether the address has an account,
/// neither from the answer nor from its timing: an address that has one gets a mail that says so.
struct SendRegistrationCode: PublicOperation {
  static let limit: RateLimit? = .codesOfClient

  let email: EmailAddress
  let language: LanguageTag

  func perform(in auth: Auth) async throws {
    try await auth.gate.limits.take(.codesOfAddress, email.text)
    let isKnown = try await auth.process(Account.FindByEmail(email: email.text)) != nil
    let code = RegistrationCode(randomBytes: auth.ids.randomBytes(4))
    try await RegistrationCodes(redis: auth.redis).store(code, for: email)
    let mail = SendMail(
      to: email.text,
      template: isKnown ? "already_registered" : "registration_code",
      language: language.text,
      variables: isKnown ? [:] : ["code": code.text]
    )
    try await auth.transaction { try await $0.publish(mail) }
  }
}
