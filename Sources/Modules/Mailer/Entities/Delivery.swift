import Postgres

/// What became of one mail: a row of the delivery log.
enum Delivery {
  enum State: String, PostgresCodable {
    /// The server may or may not have it: the worker is sending it, will try again, or died.
    case sending
    /// The server has accepted it.
    case sent
    /// It was given up; the job is among the dead letters.
    case failed
  }
}
