extension RedisClient {
  /// Runs a script and returns its reply. The key prefix is put before every key.
  ///
  /// The script travels once: afterwards only its digest is sent, and its text again when the
  /// server has forgotten it.
  package func evaluate(_ script: RedisScript, keys: [String], arguments: [RedisArgument] = [])
    async throws -> RESPValue
  {
    let rest = [.init(keys.count)] + keys.map { .text(prefixed($0)) } + arguments
    guard let digest = script.digest else {
      // Asking the server for the digest spares an implementation of SHA-1 here.
      guard let digest = try await send(RedisCommand("SCRIPT", "LOAD", .text(script.source))).text
      else {
        throw RedisError.unexpectedReply(command: "SCRIPT LOAD")
      }
      script.digest = digest
      return try await evaluate(script, digest, rest)
    }
    return try await evaluate(script, digest, rest)
  }

  private func evaluate(_ script: RedisScript, _ digest: String, _ rest: [RedisArgument])
    async throws -> RESPValue
  {
    do {
      return try await send(RedisCommand("EVALSHA", [.text(digest)] + rest))
    } catch RedisError.reply(code: "NOSCRIPT", _) {
      return try await send(RedisCommand("EVAL", [.text(script.source)] + rest))
    }
  }
}
