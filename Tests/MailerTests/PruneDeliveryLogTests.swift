import Platform
import Testing
import WorldKit

@testable import Mailer

@Suite struct PruneDeliveryLogTests {
  @Test
  func `rows older than the retention go, in as many batches as it takes, and the others stay`()
    async throws
  {
    var settings = MailerSettings()
    settings.deliveryRetentionDays = 30
    try await withMailer(Settings(fixed: settings)) { world in
      let limit = World.noon - .seconds(30 * 86_400)
      for (count, at) in [(2_500, limit - .microseconds(1)), (3, limit), (4, World.noon)] {
        try await world.world.execute(
          """
          INSERT INTO mailer.deliveries (message_id, domain, recipient, template, state, attempts, created_at, updated_at)
          SELECT gen_random_uuid(), 'd', 'r', 't', 'sent', 1, t, t
          FROM generate_series(1, \(count)), (SELECT 'epoch'::timestamptz + interval '1 microsecond' * \(at.microseconds)) at (t)
          """
        )
      }
      try await PruneDeliveryLog().run(in: world.mailer)
      #expect(try await world.world.number("SELECT count(*) FROM mailer.deliveries") == 7)
    }
  }
}
