import Foundation

/// A folder of its own for a test, removed with it.
public final class Folder: Sendable {
  public let path: String

  public init() throws {
    path = FileManager.default.temporaryDirectory.path + "/logs-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  public func path(_ name: String) -> String { path + "/" + name }

  /// Writes a file, in place of the one that was there.
  @discardableResult
  public func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  @discardableResult
  public func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

  public func append(_ name: String, _ text: String) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
  }

  public func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }
}

/// The checkout that the tests stand in.
public enum Checkout {
  public static let path: String = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  public static func path(_ name: String) -> String { path + "/" + name }

  public static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  /// The names of the sample logs without `.jsonl`, sorted.
  public static let samples = [
    "anthropic.message", "litellm.slp", "litellm.spend", "openai.chat", "openai.responses",
    "openrouter.chat", "openrouter.generation", "portkey.export", "tokenmix.capture",
  ]

  public static func sample(_ name: String) -> String { path("sample-logs/\(name).jsonl") }
}

/// A program that did not do what a test needs of it.
public struct ToolFailure: Error, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}

/// Runs a program found in `PATH` to its end.
public func run(_ arguments: [String]) throws {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = arguments
  process.standardInput = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw ToolFailure("\(arguments) ended with \(process.terminationStatus)")
  }
}

/// Runs a piece of Python, for what a test cannot easily write itself.
public func python(_ program: String, _ arguments: String...) throws {
  try run(["python3", "-c", program] + arguments)
}
