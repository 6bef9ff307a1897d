import FoundationEssentials
import GRPCCore
import SwiftProtobuf

/// What reflection knows: files of descriptors, found by name, by what they declare and by what
/// they extend.
struct ReflectionIndex: Sendable {
  private let files: [String: File]
  private let fileOfSymbol: [String: String]
  private let extensions: [String: [Int32: String]]
  private let messages: Set<String>
  private let services: [String]

  private struct File: Sendable {
    let bytes: Data
    let dependencies: [String]
  }

  init(_ set: Google_Protobuf_FileDescriptorSet) throws {
    var files: [String: File] = [:]
    var collector = Collector()
    for file in set.file {
      files[file.name] = File(bytes: try file.serializedData(), dependencies: file.dependency)
      collector.collect(file)
    }
    self.files = files
    fileOfSymbol = collector.fileOfSymbol
    extensions = collector.extensions
    messages = collector.messages
    services = collector.services.sorted()
  }

  /// A question of `ServerReflectionRequest`, whichever version asks it.
  enum Question: Sendable, Equatable {
    case fileNamed(String)
    case fileDeclaring(String)
    case fileExtending(String, number: Int32)
    case extensionNumbers(of: String)
    case services
  }

  /// An answer of `ServerReflectionResponse`.
  enum Answer: Sendable, Equatable {
    /// Serialised descriptors: the file that was asked for, then all that it imports.
    case files([Data])
    case extensionNumbers([Int32])
    case services([String])
    case failure(RPCError.Code, String)
  }

  /// Answers one question; nil is a request that asks nothing.
  func answer(_ question: Question?) -> Answer {
    switch question {
    case .fileNamed(let name): withImports(name, or: "no file \(name)")
    case .fileDeclaring(let symbol):
      withImports(fileOfSymbol[symbol], or: "nothing declares \(symbol)")
    case .fileExtending(let type, let number):
      withImports(extensions[type]?[number], or: "\(type) has no extension \(number)")
    case .extensionNumbers(let type):
      messages.contains(type)
        ? .extensionNumbers((extensions[type] ?? [:]).keys.sorted())
        : .failure(.notFound, "no message \(type)")
    case .services: .services(services)
    case nil: .failure(.invalidArgument, "the request is empty")
    }
  }

  private func withImports(_ name: String?, or failure: String) -> Answer {
    guard let name, files[name] != nil else { return .failure(.notFound, failure) }
    var seen: Set<String> = [name]
    var queue = [name]
    var answer: [Data] = []
    var next = 0
    while next < queue.count {
      if let file = files[queue[next]] {
        answer.append(file.bytes)
        for dependency in file.dependencies where seen.insert(dependency).inserted {
          queue.append(dependency)
        }
      }
      next += 1
    }
    return .files(answer)
  }
}

extension ReflectionIndex {
  /// Walks files and notes what each declares. Names have no leading dot.
  private struct Collector {
    var fileOfSymbol: [String: String] = [:]
    var extensions: [String: [Int32: String]] = [:]
    var messages: Set<String> = []
    var services: [String] = []

    mutating func collect(_ file: Google_Protobuf_FileDescriptorProto) {
      let package = file.package
      for message in file.messageType { collect(message, in: package, file.name) }
      for type in file.enumType { collect(type, in: package, file.name) }
      for field in file.extension { collect(extension: field, in: package, file.name) }
      for service in file.service {
        let name = Self.join(package, service.name)
        services.append(name)
        fileOfSymbol[name] = file.name
        for method in service.method { fileOfSymbol[Self.join(name, method.name)] = file.name }
      }
    }

    private mutating func collect(
      _ message: Google_Protobuf_DescriptorProto,
      in scope: String,
      _ file: String
    ) {
      let name = Self.join(scope, message.name)
      messages.insert(name)
      fileOfSymbol[name] = file
      for field in message.field { fileOfSymbol[Self.join(name, field.name)] = file }
      for oneof in message.oneofDecl { fileOfSymbol[Self.join(name, oneof.name)] = file }
      for type in message.enumType { collect(type, in: name, file) }
      for field in message.extension { collect(extension: field, in: name, file) }
      for nested in message.nestedType { collect(nested, in: name, file) }
    }

    private mutating func collect(
      _ type: Google_Protobuf_EnumDescriptorProto,
      in scope: String,
      _ file: String
    ) {
      fileOfSymbol[Self.join(scope, type.name)] = file
      // The values of an enum are siblings of it, as in C++.
      for value in type.value { fileOfSymbol[Self.join(scope, value.name)] = file }
    }

    private mutating func collect(
      extension field: Google_Protobuf_FieldDescriptorProto,
      in scope: String,
      _ file: String
    ) {
      fileOfSymbol[Self.join(scope, field.name)] = file
      let type = field.extendee.hasPrefix(".") ? String(field.extendee.dropFirst()) : field.extendee
      extensions[type, default: [:]][field.number] = file
    }

    private static func join(_ scope: String, _ name: String) -> String {
      scope.isEmpty ? name : "\(scope).\(name)"
    }
  }
}
