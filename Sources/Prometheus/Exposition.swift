/// Names as Prometheus allows and likes them.
enum MetricName {
  /// Letters, digits, `_` and `:` as they are, everything else as `_`, and no digit first.
  static func plain(_ name: String) -> String {
    var result = String(
      String.UnicodeScalarView(name.unicodeScalars.map { isAllowed($0) || $0 == ":" ? $0 : "_" })
    )
    if result.isEmpty || result.utf8.first.map({ (0x30...0x39).contains($0) }) == true {
      result = "_" + result
    }
    return result
  }

  /// A counter's name ends in `_total`.
  static func counter(_ label: String) -> String { plain(label).ending("_total") }

  /// A timer's name ends in its unit.
  static func timer(_ label: String) -> String { plain(label).ending("_seconds") }

  /// What is told of a metric that nobody has described: its name in words.
  static func words(_ name: String) -> String {
    name.split(separator: "_").joined(separator: " ") + "."
  }

  static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
  }
}

extension String {
  fileprivate func ending(_ suffix: String) -> String { hasSuffix(suffix) ? self : self + suffix }
}

/// The labels of a series.
enum LabelSet {
  /// `a="1",b="2"`: sorted by name, so that one set has one text. Of two labels with one name the
  /// last counts. A label with the reserved name is called `exported_` and that name.
  static func render(_ dimensions: [(String, String)], reserving reserved: String?) -> String {
    if dimensions.isEmpty { return "" }
    var values: [String: String] = [:]
    for (key, value) in dimensions {
      var name = MetricName.plain(key).split(separator: ":", omittingEmptySubsequences: false)
        .joined(separator: "_")
      // Names with two underscores in front are Prometheus's own.
      if name.hasPrefix("__") || name == reserved { name = "exported_" + name }
      values[name] = value
    }
    return values.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(escaped($0.value))\"" }.joined(
      separator: ","
    )
  }

  private static func escaped(_ value: String) -> String {
    var result = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension String {
  /// Appends the lines that come before a metric's samples.
  mutating func writeHeader(_ name: String, _ kind: MetricKind, _ help: String) {
    self += "# HELP \(name) "
    for scalar in help.unicodeScalars {
      switch scalar {
      case "\\": self += "\\\\"
      case "\n": self += "\\n"
      default: unicodeScalars.append(scalar)
      }
    }
    self += "\n# TYPE \(name) \(kind.rawValue)\n"
  }

  /// Appends a sample.
  mutating func writeSample(_ name: String, _ labels: String, _ value: Double) {
    self += name
    if !labels.isEmpty {
      self += "{"
      self += labels
      self += "}"
    }
    self += " "
    self += Self.number(value)
    self += "\n"
  }

  /// A number as Prometheus reads it: whole ones without a fraction.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
  }
}
