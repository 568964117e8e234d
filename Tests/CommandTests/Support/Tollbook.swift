import Foundation
import Testing

/// The program as a user runs it: the built binary, from a shell's point of view.
struct Tollbook {
  /// What one run left behind.
  struct Outcome {
    var status: Int32
    var output: String
    var diagnostics: String
  }

  /// The binary stands beside the test bundle.
  static let binary: URL = {
    let folder = Bundle.main.executableURL?.deletingLastPathComponent()
    return (folder ?? Repository.root.appending(path: ".build/debug")).appending(path: "tollbook")
  }()

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - folder: the working directory.
  ///   - input: what stands on its standard input.
  static func run(_ arguments: [String], in folder: URL, input: Data = Data()) throws -> Outcome {
    try Program(binary, arguments, in: folder, input: input).outcome
  }
}

/// A program that was run to its end, with its two outputs apart.
struct Program {
  let outcome: Tollbook.Outcome

  /// The outputs go to files: two pipes can block each other.
  init(_ program: URL, _ arguments: [String], in folder: URL, input: Data = Data()) throws {
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let files = try ["in", "out", "err"].map { name in
      let url = scratch.appending(path: name)
      try (name == "in" ? input : Data()).write(to: url)
      return url
    }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    outcome = Tollbook.Outcome(
      status: process.terminationReason == .uncaughtSignal
        ? -process.terminationStatus : process.terminationStatus,
      output: texts[1], diagnostics: texts[2])
  }

  /// Runs a line of shell.
  static func shell(_ line: String, in folder: URL) throws -> Tollbook.Outcome {
    try Program(URL(filePath: "/bin/bash"), ["-c", line], in: folder).outcome
  }
}

/// The checkout that these tests belong to.
enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func path(_ path: String) -> String { root.appending(path: path).path }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
  }

  /// The logs of the sample month, in the order of their names.
  static var samples: [String] {
    get throws {
      try names(in: "sample-logs").filter { $0.hasSuffix(".jsonl") }
        .map { path("sample-logs/\($0)") }
    }
  }
}

/// A folder of its own that is gone when the closure returns.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer {
    _ = try? Program.shell("chmod -R u+rwX .", in: folder)
    try? FileManager.default.removeItem(at: folder)
  }
  return try body(folder)
}

extension URL {
  /// Writes a file into the folder.
  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: appending(path: name))
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: appending(path: name), encoding: .utf8)
  }

  func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: appending(path: name).path)
  }
}
