import Ledger

extension Settings {
  /// Writes all facts of the ledger as sorted text, one a line.
  ///
  /// - Throws: `LedgerError`, and what `write` throws.
  public func dump(_ write: (String) throws -> Void) throws {
    var text = ""
    try Ledger.open(path: ledger).forEachCanonicalLine { line in
      text += line + "\n"
      guard text.utf8.count > 1 << 16 else { return }
      try write(text)
      text.removeAll(keepingCapacity: true)
    }
    try write(text)
  }
}
