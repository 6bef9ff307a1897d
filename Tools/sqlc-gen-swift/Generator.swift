import Foundation

/// Turns the queries of one module into its generated files.
struct Generator {
  let request: GenerateRequest

  /// One Swift file per `.sql` file, and one that lists every statement.
  ///
  /// Throws every problem at once, one per line.
  func generate() throws(GeneratorError) -> GenerateResponse {
    let options: Options
    do {
      options = try Options(plugin: request.pluginOptions, global: request.globalOptions)
    } catch let error as GeneratorError {
      throw error
    } catch {
      throw GeneratorError("sqlc.yaml: \(error)")
    }
    var models: [StatementModel] = []
    var problems: [String] = []
    for query in request.queries {
      do {
        models.append(try StatementModel(query, catalog: request.catalog, options: options))
      } catch {
        problems.append("\(place(of: query.name, in: query.filename)): \(query.name): \(error)")
      }
    }
    guard problems.isEmpty else { throw GeneratorError(problems.joined(separator: "\n")) }
    let rows = try SharedRow.all(of: models) { place(of: $0.queryName, in: $0.filename) }

    let byFile = Dictionary(grouping: models, by: \.filename)
    var files = byFile.keys.sorted().map { filename in
      GenerateResponse.File(
        name: "\(filename.replacing(".sql", with: ""))+Queries.swift",
        contents: Data(
          FileWriter(options: options).statements(
            byFile[filename] ?? [],
            rows.filter { $0.filename == filename },
            from: filename
          ).utf8
        )
      )
    }
    files.append(
      .init(
        name: "AllStatements.swift",
        contents: Data(FileWriter(options: options).list(of: models).utf8)
      )
    )
    return GenerateResponse(files: files)
  }

  /// `file:line` of a query as it stands in its source; the file alone where that can't be read.
  private func place(of name: String, in filename: String) -> String {
    for folder in request.settings?.queries ?? [] {
      let path = folder.hasSuffix(".sql") ? folder : "\(folder)/\(filename)"
      guard path.hasSuffix(filename),
        let text = try? String(contentsOfFile: path, encoding: .utf8)
      else { continue }
      for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      where line.hasPrefix("--") && line.contains("name: \(name) ") {
        return "\(path):\(index + 1)"
      }
    }
    return filename
  }
}
