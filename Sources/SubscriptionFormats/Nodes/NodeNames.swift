/// Gives every node a name that a document may refer to.
enum NodeNames {
  /// Names that documents use for themselves, or that clients reserve.
  private static let reserved: Set<Name> = Set(
    [
      DocumentNames.selector, DocumentNames.fastest, "direct", "DIRECT", "REJECT", "REJECT-DROP",
      "REJECT-NO-DROP",
      "REJECT-TINYGIF", "PASS", "PASS-RULE", "COMPATIBLE", "GLOBAL",
    ].map(Name.init)
  )

  /// The nodes with names that are unique, not reserved, and none of `others`: later ones of a name
  /// get ` 2`, ` 3` … behind it, a nameless one its host.
  ///
  /// The same nodes in the same order always get the same names, so that a client keeps what its
  /// user selected.
  static func unique(_ nodes: [ProxyNode], apartFrom others: [String] = []) -> [ProxyNode] {
    var nodes = nodes
    var taken = reserved.union(others.map(Name.init))
    taken.reserveCapacity(reserved.count + nodes.count)
    var lastNumber: [Name: Int] = [:]
    for index in nodes.indices {
      if nodes[index].name.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
        nodes[index].name = nodes[index].host
      }
      let name = Name(text: nodes[index].name)
      if taken.insert(name).inserted { continue }
      var number = lastNumber[name] ?? 1
      repeat {
        number += 1
        nodes[index].name = name.text + " " + String(number)
      } while !taken.insert(Name(text: nodes[index].name)).inserted
      lastNumber[name] = number
    }
    return nodes
  }

  /// A name as clients compare it: byte by byte.
  private struct Name: Hashable {
    let text: String

    static func == (left: Name, right: Name) -> Bool {
      left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }
}

/// The names of the groups in the default documents.
enum DocumentNames {
  /// The group the customer selects in, and where all traffic goes by default.
  static let selector = "Proxy"
  /// The group that picks the node with the shortest delay.
  static let fastest = "Auto"
}
