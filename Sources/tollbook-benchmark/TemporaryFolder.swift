import Foundation
import Pipeline

/// Where the logs and ledgers of a measurement stand.
enum TemporaryFolder {
  /// Makes a folder, and removes it whatever happens.
  static func use(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tollbook-benchmark-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// What a user chooses with a configuration that says nothing: none in the working directory is
  /// taken.
  static func choices(in folder: URL) throws -> Choices {
    let configuration = folder.appendingPathComponent("tollbook.yaml")
    try Data().write(to: configuration)
    var choices = Choices()
    choices.configuration = configuration.path
    return choices
  }
}
