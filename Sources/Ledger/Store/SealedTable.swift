/// A small table whose rows carry a seal in their last column (`SealedRows`).
struct SealedTable: Sendable {
  let name: String
  /// The columns of the primary key.
  let key: [String]
  /// All columns but the seal, in order: the order of values that are written and read.
  let columns: [String]
  /// The statement that makes the table.
  let sql: String

  /// - Parameters:
  ///   - key: The columns of the primary key; a table whose key has several has no row numbers.
  ///   - columns: Definitions, each beginning with the name.
  ///   - constraints: Of the whole table.
  init(_ name: String, key: [String], columns: [String], constraints: [String] = []) {
    self.name = name
    self.key = key
    self.columns = columns.map { String($0.prefix { $0 != " " }) }
    let isCompound = key.count > 1
    let parts =
      columns + ["seal INTEGER NOT NULL"]
      + (isCompound ? ["PRIMARY KEY (\(key.joined(separator: ", ")))"] : []) + constraints
    sql = """
      CREATE TABLE \(name) (
        \(parts.joined(separator: ",\n  "))
      ) STRICT\(isCompound ? ", WITHOUT ROWID" : "")
      """
  }

  /// Writes a row in place of one that has the same key.
  var writing: String {
    let marks = Array(repeating: "?", count: columns.count + 1).joined(separator: ", ")
    let changes = (columns.filter { !key.contains($0) } + ["seal"])
      .map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    return """
      INSERT INTO \(name) VALUES (\(marks))
      ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \(changes)
      """
  }
}
