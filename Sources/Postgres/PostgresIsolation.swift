/// How much a transaction sees of others that run beside it.
package enum PostgresIsolation: String, Hashable, Sendable, CaseIterable {
  case readCommitted = "READ COMMITTED"
  case repeatableRead = "REPEATABLE READ"
  case serializable = "SERIALIZABLE"
}
