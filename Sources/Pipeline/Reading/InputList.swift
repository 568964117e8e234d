import Foundation

/// The inputs that paths on the command line stand for.
public struct InputList: Sendable {
  /// One input.
  public enum Input: Sendable, Hashable {
    case file(String)
    case standardInput

    /// The name for messages.
    public var name: String {
      switch self {
      case .file(let path): path
      case .standardInput: "(standard input)"
      }
    }
  }

  /// A path that stands for nothing.
  public struct Problem: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
      case notFound, emptyDirectory, noMatch, unreadableDirectory
    }

    public var path: String
    public var kind: Kind
  }

  /// Files of a directory sorted by the bytes of their paths; arguments in their order; a file that
  /// is named twice comes once.
  public private(set) var inputs: [Input] = []
  public private(set) var problems: [Problem] = []

  /// The paths of those that are files.
  public var files: [String] {
    inputs.compactMap { if case .file(let path) = $0 { path } else { nil } }
  }

  private var seen: Set<[UInt8]> = []
  private let own: [String]

  /// - Parameters:
  ///   - paths: files, directories (taken with all below them), globs, or `-`.
  ///   - ownFiles: files of the program, such as its ledger, that are no logs when they lie in a
  ///     directory.
  public init(_ paths: [String], leavingOut ownFiles: [String] = []) {
    own = ownFiles.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    for path in paths {
      if path == "-" {
        inputs.append(.standardInput)
      } else {
        add(path)
      }
    }
  }

  private mutating func add(_ path: String) {
    // Links on the command line are followed: the user named them.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    if FileManager.default.fileExists(atPath: path) {
      if (try? target.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
        addDirectory(path)
      } else {
        addFile(path)
      }
    } else if path.contains(where: { "*?[".contains($0) }) {
      let matches = Glob.matches(path)
      if matches.isEmpty { problems.append(Problem(path: path, kind: .noMatch)) }
      for match in matches { add(match) }
    } else {
      problems.append(Problem(path: path, kind: .notFound))
    }
  }

  private mutating func addFile(_ path: String) {
    if seen.insert(Array(path.utf8)).inserted { inputs.append(.file(path)) }
  }

  /// Hidden files and what lies in hidden directories is left out; links to directories are not
  /// followed, so that a ring of them ends.
  private mutating func addDirectory(_ path: String) {
    let root = URL(fileURLWithPath: path, isDirectory: true).resolvingSymlinksInPath()
    guard
      let walk = FileManager.default.enumerator(
        at: root, includingPropertiesForKeys: [.isRegularFileKey],
        options: [.skipsHiddenFiles])
    else {
      problems.append(Problem(path: path, kind: .unreadableDirectory))
      return
    }
    let base = path.hasSuffix("/") ? String(path.dropLast()) : path
    let prefix = root.standardizedFileURL.path
    var files: [String] = []
    for case let url as URL in walk {
      guard (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true else {
        continue
      }
      let full = url.standardizedFileURL.path
      if isOwn(full) { continue }
      files.append(full.hasPrefix(prefix) ? base + full.dropFirst(prefix.count) : full)
    }
    if files.isEmpty { problems.append(Problem(path: path, kind: .emptyDirectory)) }
    for file in files.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { addFile(file) }
  }

  /// A configuration, or a file of the program with what belongs to it: the journal and the lock of
  /// a ledger.
  private func isOwn(_ path: String) -> Bool {
    path.hasSuffix("/" + Configuration.fileName)
      || own.contains { own in
        path == own || ["-", ".", "/"].contains { path.hasPrefix(own + $0) }
      }
  }
}
