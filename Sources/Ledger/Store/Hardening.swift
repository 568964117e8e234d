import CSQLiteSettings
import GRDB

extension Database {
  /// Lets the connection do no more than a ledger needs, before anything is read from the file.
  func harden() throws {
    guard let connection = unsafe sqliteConnection else { return }
    let code = unsafe tb_sqlite_harden(connection)
    guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    try execute(
      sql: """
        PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;
        PRAGMA mmap_size = 0;
        PRAGMA temp_store = MEMORY;
        """)
  }
}
