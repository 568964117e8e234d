import Billing
import Foundation
import GRDB

/// The seal of a row: a hash of its values under the ledger's key.
///
/// SQLite does not notice a bit that flips in a number; the seal does, and a row that was moved to
/// another table or written by somebody without the key has none that fits.
struct RowSeal: Sendable {
  private let hasher: KeyedHasher

  init(key: StoreKey) { hasher = KeyedHasher(key: key) }

  /// - Parameter values: Of all columns but the seal, in their order.
  func callAsFunction(_ table: SealedTable, _ values: [DatabaseValue]) -> Int64 {
    var hasher = hasher
    func add(_ kind: UInt64, _ bytes: [UInt8]) {
      hasher.update(kind)
      hasher.update(UInt64(bytes.count))
      hasher.update(bytes.span)
    }
    add(UInt64(values.count), Array(table.name.utf8))
    for value in values {
      switch value.storage {
      case .null: hasher.update(0)
      case .int64(let number):
        hasher.update(1)
        hasher.update(UInt64(bitPattern: number))
      case .double(let number):
        hasher.update(2)
        hasher.update(number.bitPattern)
      case .string(let text): add(3, Array(text.utf8))
      case .blob(let data): add(4, Array(data))
      }
    }
    return Int64(bitPattern: hasher.finalize().low)
  }
}

/// The values of a row. Nothing is taken for granted: the file may be damaged or forged.
struct StoredRow {
  let values: [DatabaseValue]

  /// What it says is not what a sound ledger can say.
  struct Unsound: Error {}

  init(_ row: Row) { values = Array(row.databaseValues) }

  subscript<Value: DatabaseValueConvertible>(_ column: Int) -> Value {
    get throws {
      guard let value = Value.fromDatabaseValue(values[column]) else {
        throw Unsound()
      }
      return value
    }
  }

  func optional<Value: DatabaseValueConvertible>(_ column: Int) throws -> Value? {
    values[column].isNull ? nil : try self[column] as Value
  }
}

/// The rows of small tables in a transaction: each is sealed when it is written, and its seal is
/// checked when it is read.
struct SealedRows {
  let db: Database
  private let path: String
  private let seal: RowSeal

  init(_ db: Database, _ ledger: Ledger) { self.init(db, path: ledger.file.path, key: ledger.key) }

  init(_ db: Database, path: String, key: StoreKey) {
    self.db = db
    self.path = path
    seal = RowSeal(key: key)
  }

  /// Writes a row in place of one that has the same key.
  ///
  /// - Parameter values: Of all columns but the seal. SQLite ends a text at a zero byte.
  func write(_ values: [(any DatabaseValueConvertible)?], to table: SealedTable) throws {
    let values = values.map { value -> DatabaseValue in
      let value = value?.databaseValue ?? .null
      guard case .string(let text) = value.storage, text.utf8.contains(0) else { return value }
      return String(decoding: text.utf8.prefix { $0 != 0 }, as: UTF8.self).databaseValue
    }
    precondition(values.count == table.columns.count, "a row of \(table.name) has all columns")
    let statement = try db.cachedStatement(sql: table.writing)
    try statement.execute(
      arguments: StatementArguments(values + [seal(table, values).databaseValue]))
  }

  /// The number that the next row of a table gets.
  func nextID(in table: SealedTable) throws -> Int64 {
    let sql = "SELECT coalesce(max(id), 0) + 1 FROM \(table.name)"
    return try Int64.fetchOne(try db.cachedStatement(sql: sql)) ?? 1
  }

  /// The row of a key.
  func row(
    of table: SealedTable, _ key: [any DatabaseValueConvertible]
  ) throws -> StoredRow? {
    let condition = table.key.map { "\($0) = ?" }.joined(separator: " AND ")
    var found: StoredRow?
    try forEach(table, where: condition, StatementArguments(key.map(\.databaseValue))) {
      found = $0
    }
    return found
  }

  /// Calls `body` with each row, in the order of the key or of the columns that are named.
  ///
  /// - Throws: `LedgerError.corrupt` for a row whose seal is wrong, or whose values are not what
  ///   `body` needs; what `body` throws.
  func forEach(
    _ table: SealedTable, where condition: String = "TRUE", by order: String? = nil,
    _ arguments: StatementArguments = StatementArguments(), _ body: (StoredRow) throws -> Void
  ) throws {
    try forEachUnchecked(table, where: condition, by: order, arguments) { row, isSound in
      guard isSound else { throw damage(table, row) }
      do {
        try body(row)
      } catch is StoredRow.Unsound {
        throw damage(table, row)
      }
    }
  }

  /// Calls `body` with each row and whether its seal is right, in the same order.
  func forEachUnchecked(
    _ table: SealedTable, where condition: String = "TRUE", by order: String? = nil,
    _ arguments: StatementArguments = StatementArguments(),
    _ body: (_ row: StoredRow, _ isSound: Bool) throws -> Void
  ) throws {
    let order = order ?? table.key.joined(separator: ", ")
    let statement = try db.cachedStatement(
      sql: "SELECT * FROM \(table.name) WHERE \(condition) ORDER BY \(order)")
    let rows = try Row.fetchCursor(statement, arguments: arguments)
    while let row = try rows.next() {
      let stored = StoredRow(row)
      let found = Int64.fromDatabaseValue(stored.values[table.columns.count])
      try body(stored, found == seal(table, Array(stored.values.dropLast())))
    }
  }

  private func damage(_ table: SealedTable, _ row: StoredRow) -> LedgerError {
    .corrupt(path: path, detail: "\(table.place(of: row)) is not as it was written")
  }
}

extension SealedTable {
  /// Names a row for people: its table and its key, as far as that is numbers.
  func place(of row: StoredRow) -> String {
    let parts = key.compactMap { name -> String? in
      guard let column = columns.firstIndex(of: name),
        let number = Int64.fromDatabaseValue(row.values[column])
      else { return nil }
      return "\(name) \(number)"
    }
    return "the row of \(name) with \(parts.joined(separator: ", "))"
  }
}
