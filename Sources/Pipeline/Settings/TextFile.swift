import Documents
import Foundation
import Glibc

/// Small files that people write: configuration, price books, terms, dialects.
enum TextFile {
  /// Reads a YAML or JSON document.
  ///
  /// - Throws: `Failure` when the file cannot be read, `DocumentError` when it is no document.
  static func document(at path: String) throws -> DocumentNode {
    try DocumentNode.read(bytes: try bytes(at: path), file: path)
  }

  /// Opens the files that documents name.
  static let named = DocumentFiles { path in
    do throws(Failure) {
      return .success(try bytes(at: path))
    } catch {
      return .failure(.init(error.problem, error.remedy))
    }
  }

  /// The content of a file.
  ///
  /// - Throws: `Failure`.
  static func bytes(at path: String) throws(Failure) -> [UInt8] {
    let manager = FileManager.default
    guard let attributes = try? manager.attributesOfItem(atPath: resolved(path)) else {
      throw Failure(path, "there is no such file", "Check the path.", .unavailable)
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw Failure(path, "this is not a file", "Name a regular file.", .unavailable)
    }
    let size = attributes[.size] as? Int ?? 0
    guard size <= DocumentLimits.bytes else {
      throw Failure(path, "the file is larger than 64 MiB", "Name the right file.", .badData)
    }
    guard let data = manager.contents(atPath: path) else {
      throw Failure(
        path, "the file may not be read by this user", "Change its permissions.", .unavailable)
    }
    return Array(data)
  }

  /// Refuses a file that everybody may write: it decides what figures say and where files go.
  ///
  /// - Throws: `Failure`.
  static func refuseIfWorldWritable(_ path: String) throws(Failure) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: resolved(path))
    let mode = attributes?[.posixPermissions] as? Int ?? 0
    if mode & Int(S_IWOTH) != 0 {
      throw Failure(
        path, "everybody may write this file", "Run `chmod o-w` on it and check its content.",
        .badData)
    }
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }
}
