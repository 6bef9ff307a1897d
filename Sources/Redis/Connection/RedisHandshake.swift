/// What is said on a new connection before anything else: RESP3, who we are, which database, and
/// whether the server is ready.
struct RedisHandshake {
  /// The commands, all sent at once.
  let commands: [RedisCommand]
  private var answered = 0

  init(_ configuration: RedisConfiguration) {
    var hello: [RedisArgument] = [3]
    if let password = configuration.password {
      hello += ["AUTH", .text(configuration.username ?? "default"), .text(password)]
    }
    if let name = configuration.clientName { hello += ["SETNAME", .text(name)] }
    var commands = [RedisCommand("HELLO", hello)]
    if configuration.database != 0 {
      commands.append(RedisCommand("SELECT", .init(configuration.database)))
    }
    // A server that is still loading its data answers the others, and says LOADING to this one.
    commands.append(RedisCommand("PING"))
    self.commands = commands
  }

  /// Takes a reply. True: that was the last.
  mutating func receive(_ reply: RESPValue) throws(RedisError) -> Bool {
    let command = commands[answered]
    if case .error(let code, let message) = reply {
      switch code {
      case "LOADING", "MASTERDOWN", "BUSY", "TRYAGAIN", "CLUSTERDOWN":
        throw .unavailable("\(code) \(message)")
      // An ACL may forbid PING; the server is there all the same.
      case "NOPERM" where command.name == "PING": break
      default: throw .refused("\(command.name): \(code) \(message)")
      }
    }
    answered += 1
    return answered == commands.count
  }
}
