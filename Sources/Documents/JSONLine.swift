extension DocumentNode {
  /// Reads one strict JSON document, such as a line of JSONL; `nil` when it is none.
  ///
  /// - Parameter bytes: UTF-8.
  public static func json(_ bytes: [UInt8], file: String) -> DocumentNode? {
    guard String(validating: bytes, as: UTF8.self) != nil,
      let element = JSONDocumentReader.read(bytes[...])
    else { return nil }
    return DocumentNode(file: file, element: element)
  }
}
