import Foundation

/// Compares bytes with a file that stands beside the test, and writes the file when there is none.
public enum GoldenFile: Equatable {
  case same
  /// Delete the file to record it anew.
  case different
  /// There was no file; there is one now. Read it, then run again.
  case recorded

  /// - Parameters:
  ///   - name: of the file in the folder `Golden` beside the test.
  ///   - test: the test's own file.
  public static func compare(_ name: String, _ bytes: [UInt8], test: String = #filePath) throws
    -> GoldenFile
  {
    let file = URL(filePath: test).deletingLastPathComponent()
      .appending(components: "Golden", name)
    guard let golden = try? Data(contentsOf: file) else {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
      return .recorded
    }
    return golden == Data(bytes) ? .same : .different
  }
}
