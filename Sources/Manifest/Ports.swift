import Synchronization

/// What modules offer each other: values by the protocol of Contracts or Platform that they answer.
///
/// A module offers its ports as it is made, and asks for those of modules that were made before.
package final class Ports: Sendable {
  private let offered = Mutex<[ObjectIdentifier: any Sendable]>([:])

  package init() {}

  /// Offers `port` to the modules that are made later.
  package func offer<Port: Sendable>(_ port: Port, as type: Port.Type = Port.self) {
    offered.withLock { $0[ObjectIdentifier(type)] = port }
  }

  /// The port of that type. Throws `Missing` where no module has offered it yet.
  package func take<Port: Sendable>(_ type: Port.Type = Port.self) throws(Missing) -> Port {
    guard let port = offered.withLock({ $0[ObjectIdentifier(type)] }) as? Port else {
      throw Missing(port: String(describing: type))
    }
    return port
  }

  /// A module asked for a port that no module before it offers.
  package struct Missing: Error, CustomStringConvertible {
    let port: String

    package var description: String {
      "no module that comes before offers \(port): check the order of the modules"
    }
  }
}
