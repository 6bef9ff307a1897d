import CSodium

/// Compares secrets in a time that depends on their length only.
package func constantTimeEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
  guard first.count == second.count else { return false }
  return first.isEmpty || sodium_memcmp(first, second, first.count) == 0
}
