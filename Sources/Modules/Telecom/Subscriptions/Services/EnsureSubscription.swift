import Contracts
import Platform

/// Makes the subscription that every account has, unless it is there.
struct EnsureSubscription: Operation {
  let account: Account.ID

  func perform(in telecom: InTransaction<Telecom>) async throws {
    let insert = Subscription.InsertFirst(of: account, in: telecom.module)
    guard try await telecom.process(insert) == 1 else { return }
    try await telecom.process(ApplyStanding(account: account))
  }
}

extension Subscription.InsertFirst {
  init(of account: Account.ID, in telecom: Telecom) {
    self.init(
      id: telecom.ids.next(),
      accountID: account,
      credential: telecom.ids.randomUUID(),
      linkToken: LinkToken(using: telecom.ids).bytes,
      createdAt: telecom.clock.now
    )
  }
}
