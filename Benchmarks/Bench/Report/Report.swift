import FoundationEssentials
import Glibc
import SystemPackage

/// What a run has measured, printed as it comes and written down at the end.
struct Report: Encodable {
  /// Figures that belong together.
  struct Section: Encodable {
    let title: String
    /// What was measured how, and what others reach.
    var notes: [String] = []
    var figures: [Figure]
  }

  private(set) var sections: [Section] = []

  mutating func add(_ section: Section) {
    sections.append(section)
    print(section.table)
    // A run takes minutes; through a pipe nothing would show until its end.
    fflush(nil)
  }

  /// How many aims there are and which are missed.
  var summary: String {
    let judged = sections.flatMap { section in
      section.figures.filter { $0.verdict != nil }.map { (section.title, $0) }
    }
    let missed = judged.filter { $0.1.verdict == .missed }
    let lines = missed.map { title, figure in
      "  missed: \(title): \(figure.name): \(readable(figure.value)) \(figure.unit) (aim \(figure.aim?.text ?? ""))"
    }
    return (["\(judged.count - missed.count) of \(judged.count) aims reached."] + lines).joined(
      separator: "\n"
    )
  }

  /// Writes the figures where other programs can read them.
  func write(to path: FilePath) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: URL(filePath: path.string))
  }
}

extension Report.Section {
  fileprivate var table: String {
    let header = ["figure", "measured", "aim", "", "made of"]
    let rows = figures.map { figure in
      [
        figure.name, "\(readable(figure.value)) \(figure.unit)", figure.aim?.text ?? "",
        figure.verdict?.rawValue ?? "", figure.detail,
      ]
    }
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    let lines = ([header] + rows).map { row in
      let cells = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 1 || column == 2 ? padding + row[column] : row[column] + padding
      }
      var line = "  " + cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    return (["", title] + notes.map { "  \($0)" } + lines).joined(separator: "\n")
  }
}
