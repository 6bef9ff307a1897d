/// The messages that wait to be published.
enum Outbox {}
