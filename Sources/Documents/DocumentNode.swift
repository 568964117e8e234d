/// A part of a document that a person wrote, with its place in the file.
///
/// A scalar keeps its literal text, so that a number is never passed through binary floating point.
public struct DocumentNode: Sendable {
  /// A leaf: text as it stands in the file, quotes and escapes resolved.
  public struct Scalar: Sendable, Hashable {
    public var text: String
    public var isQuoted: Bool

    public init(text: String, isQuoted: Bool) {
      self.text = text
      self.isQuoted = isQuoted
    }

    /// Nothing is said: an empty plain scalar, `~` or `null`.
    public var isNull: Bool {
      guard !isQuoted else { return false }
      return switch text {
      case "", "~", "null", "Null", "NULL": true
      default: false
      }
    }
  }

  /// What a node can be.
  public enum Content: Sendable {
    case scalar(Scalar)
    case sequence([Element])
    case mapping([Entry])
  }

  /// A content with its place.
  public struct Element: Sendable {
    public var content: Content
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int

    public init(content: Content, line: Int, column: Int) {
      self.content = content
      self.line = line
      self.column = column
    }
  }

  /// A key of a mapping with its value, in the order of the file.
  public struct Entry: Sendable {
    public var key: String
    public var line: Int
    public var column: Int
    public var value: Element

    public init(key: String, line: Int, column: Int, value: Element) {
      self.key = key
      self.line = line
      self.column = column
      self.value = value
    }
  }

  public let file: String
  /// `entries[3].prices[0]`; empty at the root.
  public let path: String
  public let element: Element

  /// The root of a document that was read or built elsewhere.
  public init(file: String, path: String = "", element: Element) {
    self.file = file
    self.path = path
    self.element = element
  }

  public var line: Int { element.line }
  public var column: Int { element.column }
  public var content: Content { element.content }

  /// The scalar, `nil` when the node is something else.
  public var scalar: Scalar? {
    if case .scalar(let scalar) = element.content { scalar } else { nil }
  }

  /// Nothing is said here: an empty value, `~` or `null`.
  public var isNull: Bool { scalar?.isNull ?? false }

  /// `a scalar`, `a list` or `a mapping`, for messages.
  public var kindName: String {
    switch element.content {
    case .scalar(let scalar): scalar.isNull ? "nothing" : "a scalar"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  /// An error at this node.
  public func error(_ problem: String, _ remedy: String) -> DocumentError {
    DocumentError(
      file: file, line: line, column: column, path: path, problem: problem, remedy: remedy)
  }

  func child(_ key: String, _ element: Element) -> DocumentNode {
    DocumentNode(file: file, path: path.isEmpty ? key : "\(path).\(key)", element: element)
  }

  func child(at index: Int, _ element: Element) -> DocumentNode {
    DocumentNode(file: file, path: "\(path)[\(index)]", element: element)
  }
}

/// Limits of a document; beyond them it is refused, so that a hostile file cannot exhaust memory.
public enum DocumentLimits {
  /// Levels of lists and mappings.
  public static let depth = 64
  /// Bytes: 64 MiB.
  public static let bytes = 64 << 20
}
