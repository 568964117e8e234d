import Ledger

extension Settings {
  /// What is wrong with the ledger, one sentence each; empty for a sound one.
  ///
  /// - Throws: `LedgerError` when it cannot be read at all.
  public func verify() throws -> [String] {
    try Ledger.open(path: ledger).verify().map(\.description)
  }
}
