import Ledger

extension Settings {
  /// What is wrong with the ledger, one line each; empty for a sound one.
  ///
  /// - Parameter isFull: Also everything that can be derived is derived again.
  /// - Throws: `LedgerError` when it cannot be read at all.
  public func verify(isFull: Bool) throws -> [String] {
    try Ledger.open(path: ledger).verify(isFull ? .full : .quick).map(\.description)
  }
}
