public import Billing
public import Documents

/// The terms of well-known gateways that are in the binary, in the form that users write.
public enum BuiltInTerms {
  /// Sorted.
  public static let names = files.map(\.name)

  private static let files: [(name: String, bytes: [UInt8])] = {
    var files: [(name: String, bytes: [UInt8])] = []
    while let file = EmbeddedCatalog.terms(at: files.count) { files.append(file) }
    return files
  }()

  /// The file of a name; `nil` when there is none.
  public static func text(named name: String) -> String? {
    bytes(named: name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The terms of a name, one for each gateway that they hold for; `nil` when there are none.
  ///
  /// - Throws: `DocumentError` when the binary holds unreadable terms: a fault of the build.
  public static func terms(named name: String) throws(DocumentError) -> [GatewayTerms]? {
    guard let bytes = bytes(named: name) else { return nil }
    let node = try DocumentNode.read(bytes: bytes, file: "\(name).yaml")
    return try GatewayTerms.readAll(node).map { terms in
      var terms = terms
      terms.preset = name
      return terms
    }
  }

  private static func bytes(named name: String) -> [UInt8]? {
    files.first { $0.name.utf8.elementsEqual(name.utf8) }?.bytes
  }
}
