import Documents
import Foundation
import Ingestion

/// The dialect files of the user: single ones, and all of a directory.
enum DialectFiles {
  private static let endings = [".yaml", ".yml", ".json"]

  /// A path, not the name of a dialect.
  static func isFile(_ dialect: String) -> Bool {
    if dialect.contains("/") || endings.contains(where: dialect.hasSuffix) { return true }
    let isName = BuiltInDialects.names.contains { $0.utf8.elementsEqual(dialect.utf8) }
    return !isName && isDirectory(dialect)
  }

  /// The documents at paths, in their order; those of a directory by the bytes of their names.
  ///
  /// - Throws: `Failure`, `DocumentError`.
  static func documents(at paths: [String]) throws -> [DocumentNode] {
    var seen: Set<[UInt8]> = []
    var documents: [DocumentNode] = []
    for path in try paths.flatMap(files) where seen.insert(Array(path.utf8)).inserted {
      documents.append(try document(at: path))
    }
    return documents
  }

  /// Who may write a dialect decides what figures say.
  ///
  /// - Throws: `Failure`, `DocumentError`.
  static func document(at path: String) throws -> DocumentNode {
    try TextFile.refuseIfWorldWritable(path)
    return try TextFile.document(at: path)
  }

  /// The name that a document gives its dialect; `nil` when it is none.
  static func name(of document: DocumentNode) -> String? {
    try? document.mapping(allowing: nil).required("dialect").text()
  }

  /// A document's records stand in others.
  static func isEnvelope(_ document: DocumentNode) -> Bool {
    (try? document.mapping(allowing: nil).optional("unwrap")) != nil
  }

  /// The path itself, or the dialects of a directory, by the bytes of their names.
  static func files(_ path: String) throws(Failure) -> [String] {
    guard isDirectory(path) else { return [path] }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw Failure(
        path, "the directory cannot be read", "Check its permissions for this user.", .unavailable)
    }
    let files = names.filter { name in
      !name.hasPrefix(".") && name != Configuration.fileName
        && endings.contains(where: name.hasSuffix)
    }
    guard !files.isEmpty else {
      throw Failure(
        path, "the directory holds no dialect", "Name the directory of the .yaml files.",
        .unavailable)
    }
    let base = path.hasSuffix("/") ? path : path + "/"
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { base + $0 }
  }

  static func isDirectory(_ path: String) -> Bool {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    return (try? target.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
  }
}
