import Foundation

// sqlc starts this as a process plugin: the request on stdin, the response on stdout, both JSON;
// what goes wrong, on stderr.
do {
  let input = try FileHandle.standardInput.readToEnd() ?? Data()
  let response = try Generator(request: GenerateRequest(from: input)).generate()
  FileHandle.standardOutput.write(try JSONEncoder().encode(response))
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
