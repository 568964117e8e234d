import Foundation
import Testing

/// Validates documents with a validator of somebody else's.
enum SchemaValidator {
  static let program = Repository.root.appending(path: ".venv/bin/check-jsonschema")

  /// Expects that files are as a schema of `schemas/` says.
  static func expect(_ files: [String], fit schema: String) throws {
    try validate(files, Repository.path("schemas/\(schema).schema.json"))
  }

  /// Expects that each line is as a schema says.
  static func expect(lines: String, fit schema: String, in folder: URL) throws {
    let name = "lines-\(UUID().uuidString).json"
    let items = lines.split(separator: "\n").joined(separator: ",\n")
    #expect(!items.isEmpty)
    try folder.write(name, "[\(items)]")
    let reference = Repository.root.appending(path: "schemas/\(schema).schema.json").absoluteString
    try folder.write(
      "list.schema.json",
      #"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"array","#
        + #""items":{"$ref":"\#(reference)"}}"#)
    try validate(
      [folder.appending(path: name).path], folder.appending(path: "list.schema.json").path)
  }

  /// The positions of the files that are as a schema of `schemas/` says.
  static func fitting(_ files: [String], _ schema: String) throws -> [Int] {
    let run = try outcome(files, Repository.path("schemas/\(schema).schema.json"))
    try #require(run.status == 0 || run.status == 1, "\(run.output)\(run.diagnostics)")
    // One message for each file that is wrong begins with its path.
    return files.indices.filter { !run.output.contains("\(files[$0])::") }
  }

  private static func validate(_ files: [String], _ schema: String) throws {
    let run = try outcome(files, schema)
    #expect(run.status == 0, "\(run.output)\(run.diagnostics)")
  }

  private static func outcome(_ files: [String], _ schema: String) throws -> Tollbook.Outcome {
    try #require(
      FileManager.default.isExecutableFile(atPath: program.path),
      "check-jsonschema is not there: `make test` installs it into .venv")
    return try Program(program, ["--schemafile", schema] + files, in: Repository.root).outcome
  }
}
