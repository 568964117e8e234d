import Foundation

/// The checkout that these tests look at.
enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// What a build or a run leaves at the top level; `.gitignore` names the same.
  private static let ignored: Set<String> = [".git", ".build", ".venv", "Package.resolved"]

  /// The names at the top level, without what is ignored, sorted.
  static var topLevel: [String] { get throws { try names(in: "") } }

  /// The names in a folder, sorted; none when there is no such folder.
  static func names(in folder: String) throws -> [String] {
    let url = root.appending(path: folder)
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: url.path)
      .filter { !ignored.contains($0) && !isLeftover($0) }
      .sorted()
  }

  /// The paths of all files below a folder, relative to the root, sorted.
  static func files(below folder: String, suffix: String = "") throws -> [String] {
    var found: [String] = []
    var pending = [folder]
    while let folder = pending.popLast() {
      for name in try names(in: folder) {
        let path = folder.isEmpty ? name : folder + "/" + name
        if isFolder(path) { pending.append(path) } else { found.append(path) }
      }
    }
    return found.filter { $0.hasSuffix(suffix) }.sorted()
  }

  static func isFolder(_ path: String) -> Bool {
    let values = try? root.appending(path: path).resourceValues(forKeys: [.isDirectoryKey])
    return values?.isDirectory ?? false
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: root.appending(path: path))
  }

  private static func isLeftover(_ name: String) -> Bool {
    name.hasPrefix(".build-") || name.hasSuffix(".db") || name.hasSuffix(".db-journal")
      || name == "__pycache__"
  }
}

/// A program that was run to its end.
struct Run {
  var status: Int32
  /// Standard output and standard error, as they came.
  var output: String

  /// Runs a program found in `PATH`, or by its path, in the root of the repository.
  init(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = Repository.root
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    status = process.terminationStatus
    output = String(decoding: data, as: UTF8.self)
  }
}

/// A folder of its own that is gone when the closure returns.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "tidy-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
