/// Opens the files that a document names, relative to it.
public struct DocumentFiles: Sendable {
  private let read: @Sendable (_ path: String) -> Result<[UInt8], Problem>

  /// Why a file cannot be read, and what to do.
  public struct Problem: Error {
    public var text: String
    public var remedy: String

    public init(_ text: String, _ remedy: String) {
      self.text = text
      self.remedy = remedy
    }
  }

  public init(_ read: @escaping @Sendable (_ path: String) -> Result<[UInt8], Problem>) {
    self.read = read
  }

  /// For documents that may name no files: each is refused.
  public static let none = DocumentFiles { _ in
    .failure(Problem("no other file may be named here", "Write its content instead."))
  }

  /// The document in the file that a scalar names.
  ///
  /// - Throws: `DocumentError` at the scalar when the file cannot be read, in the file when it is no
  ///   document.
  public func document(named node: DocumentNode) throws(DocumentError) -> DocumentNode {
    let name = try node.text()
    let path =
      name.hasPrefix("/")
      ? name
      : node.file.lastIndex(of: "/").map { String(node.file[...$0]) + name } ?? name
    switch read(path) {
    case .success(let bytes): return try DocumentNode.read(bytes: bytes, file: path)
    case .failure(let problem):
      throw node.error("`\(name)`: \(problem.text)", problem.remedy)
    }
  }
}
