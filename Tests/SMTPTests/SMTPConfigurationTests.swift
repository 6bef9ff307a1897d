import Testing

@testable import SMTP

@Suite struct SMTPConfigurationTests {
  @Test(arguments: [
    (
      "smtp://user:pa%40ss@mail.example.com:587?starttls=required",
      "smtp://user:***@mail.example.com:587?starttls=required"
    ),
    ("smtps://user:secret@mail.example.com", "smtps://user:***@mail.example.com"),
    ("smtp://mail.example.com", "smtp://mail.example.com"),
    ("smtp://user:secret@[mail", "***"), ("", ""),
  ])
  func `people may read a URL without its password`(url: String, shown: String) {
    #expect(SMTPConfiguration.withoutPassword(url) == shown)
  }

  @Test func `everything is read from the URL`() throws {
    let configuration = try SMTPConfiguration(
      url:
        "smtp://us%20er%40example.com:p%C3%A4%3Ass%2Fw%40rd@mail.example.com:2525?starttls=required&auth=login&connect_timeout=3"
        + "&timeout=7&idle_timeout=9&max_sessions=2&ca_file=%2Fetc%2Fca.pem&insecure=true&client_name=helium.example.com"
    )
    #expect(configuration.host == "mail.example.com")
    #expect(configuration.port == 2525)
    #expect(configuration.credentials == .init(user: "us er@example.com", password: "pä:ss/w@rd"))
    #expect(configuration.security == .required)
    #expect(configuration.mechanism == .login)
    #expect(configuration.connectTimeout == .seconds(3))
    #expect(configuration.sendTimeout == .seconds(7))
    #expect(configuration.idleTimeout == .seconds(9))
    #expect(configuration.maximumSessions == 2)
    #expect(configuration.caFile == "/etc/ca.pem")
    #expect(configuration.insecure)
    #expect(configuration.clientName == "helium.example.com")
  }

  @Test func `the least URL is safe`() throws {
    let submission = try SMTPConfiguration(url: "smtp://mail.example.com")
    #expect(submission.port == 587)
    #expect(submission.security == .required)
    #expect(submission.credentials == nil)
    #expect(!submission.insecure)
    let implicit = try SMTPConfiguration(url: "smtps://mail.example.com/")
    #expect(implicit.port == 465)
    #expect(implicit.security == .implicitTLS)
    #expect(try SMTPConfiguration(url: "smtp://[::1]:25?starttls=off").host == "[::1]")
  }

  @Test func `the description hides the password`() throws {
    let configuration = try SMTPConfiguration(url: "smtps://user:secret@mail.example.com")
    #expect(configuration.description == "smtps://user:***@mail.example.com:465")
  }

  @Test(arguments: [
    ("", "neither smtp nor smtps"), ("http://mail.example.com", "neither smtp nor smtps"),
    ("smtp://", "no host"),
    ("smtp://mail.example.com/folder", "path"), ("smtp://mail.example.com:70000", "port"),
    ("smtp://user@mail.example.com", "password"),
    ("smtp://mail.example.com?starttls=maybe", "starttls=maybe"),
    ("smtp://mail.example.com?max_sessions=17", "max_sessions=17"),
    ("smtp://mail.example.com?timeout=0", "timeout=0"),
    ("smtp://mail.example.com?colour=red", "colour"),
    ("smtp://mail.example.com?client_name=a%0D%0Ab", "client_name"),
    ("smtp://user:secret@mail.example.com?starttls=opportunistic", "starttls must be required"),
  ])
  func `a bad URL is refused with what is wrong and an example, without the password`(
    url: String,
    expected: String
  ) throws {
    let error = try #require(throws: SMTPConfiguration.ConfigurationError.self) {
      try SMTPConfiguration(url: url)
    }
    #expect(error.description.contains(expected))
    #expect(error.description.contains("for example smtp://"))
    #expect(!error.description.contains("secret"))
  }
}
