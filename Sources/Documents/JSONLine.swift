extension DocumentNode {
  /// The text of a JSON string with escapes; `nil` when one of them is none.
  ///
  /// - Parameter quoted: valid UTF-8, with its quotes.
  package static func text(ofJSONString quoted: ArraySlice<UInt8>) -> String? {
    JSONDocumentReader.text(ofString: quoted)
  }
}
