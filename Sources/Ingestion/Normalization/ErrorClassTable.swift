import Billing
public import Documents

/// The names that providers and gateways give their errors, and the class of each: data, in
/// `Dialects/error-classes.yaml`.
public struct ErrorClassTable: Sendable {
  private let classes: [[UInt8]: ErrorClass]

  /// Reads the table: a mapping from class to names.
  ///
  /// - Throws: `DocumentError`.
  public init(_ node: DocumentNode) throws(DocumentError) {
    var classes: [[UInt8]: ErrorClass] = [:]
    for (key, value) in try node.mapping(allowing: ErrorClass.allCases.map(\.name)).all {
      guard let errorClass = ErrorClass(name: key) else { continue }
      for name in try value.texts() { classes[Array(name.lowercased().utf8)] = errorClass }
    }
    self.classes = classes
  }

  /// The class of a name, letters of either case; the part behind the last dot counts alone, so
  /// that `litellm.RateLimitError` is `RateLimitError`.
  func errorClass(named text: Span<UInt8>) -> ErrorClass? {
    let lower = text.bytes(atMost: 128).map { (65...90).contains($0) ? $0 + 32 : $0 }
    if let found = classes[lower] { return found }
    guard let dot = lower.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    return classes[Array(lower[(dot + 1)...])]
  }
}
