import FoundationEssentials
import Platform
import SubscriptionFormats

/// What clients of a format get with an operator's profile: its document with sample nodes.
struct PreviewProfile: AdminOperation {
  static let permission = Permission("telecom.profile.preview", .support)

  let format: SubscriptionFormat
  /// Nil: the one in effect.
  let template: ProfileTemplate?

  /// Throws what is wrong with the profile, and where. An empty `text` stands for the one in
  /// effect.
  init(format name: String, text: String) throws(InvalidInput) {
    guard let format = SubscriptionFormat(name: name) else {
      throw InvalidInput(
        "format",
        "must be one of \(SubscriptionFormat.all.map(\.name).joined(separator: ", "))"
      )
    }
    self.format = format
    do throws(ProfileTemplateError) {
      template = text.isEmpty ? nil : try ProfileTemplate(text, for: format)
    } catch {
      throw InvalidInput("template", error.message)
    }
  }

  var target: AuditTarget { AuditTarget("profile", format.name) }

  func perform(in telecom: Telecom, as admin: Authorized<Self>) async throws -> Preview {
    let settings = telecom.settings()
    let document = PreparedDocument(
      nodes: SampleNodes.all,
      format: format,
      options: DocumentOptions(
        directDomains: settings.directDomains,
        template: template ?? settings.templates[format]
      )
    )
    let link = settings.link(for: LinkToken(stored: [UInt8](repeating: 0, count: LinkToken.length)))
    let body = document.body(for: SampleNodes.credential, link: link)
    return Preview(
      document: String(decoding: body, as: UTF8.self),
      contentType: format.contentType
    )
  }

  struct Preview: Hashable, Sendable {
    let document: String
    let contentType: String
  }
}
