import GRDB

/// The tables of a ledger.
///
/// What the file holds must be these statements, letter by letter: a view or a trigger that
/// somebody added is refused when the ledger is opened.
enum Schema {
  /// `TOLL` in ASCII.
  static let applicationID: Int64 = 0x544F_4C4C
  /// The version of the tables, kept in `user_version`.
  static let version = 2

  /// The tables whose rows are sealed, each after those that it refers to.
  static let sealedTables = [
    identity, runs, sources, accounts, rejectionCounts, quarantine, lateFacts, retention,
  ]

  static let objects: [(name: String, sql: String)] =
    sealedTables.map { ($0.name, $0.sql) } + [
      ("segments", segments), ("segments_by_day", segmentsByDay),
      ("segments_by_facts", segmentsByFacts),
    ]

  /// One row: the key of all identities, drawn when the ledger was made.
  static let identity = SealedTable(
    "identity", key: ["id"],
    columns: [
      "id INTEGER PRIMARY KEY CHECK (id = 1)",
      "key BLOB NOT NULL CHECK (length(key) = 16)",
    ])

  /// Times are microseconds since 1970 UTC; a run that did not finish has no `finished`.
  static let runs = SealedTable(
    "runs", key: ["id"],
    columns: [
      "id INTEGER PRIMARY KEY",
      "kind TEXT NOT NULL CHECK (kind IN ('ingest', 'requeue', 'prune', 'merge', 'migrate'))",
      "started INTEGER NOT NULL",
      "finished INTEGER",
      "program TEXT NOT NULL",
      "price_book TEXT NOT NULL",
    ])

  /// Files and streams, with how far each was read and how it is recognised.
  ///
  /// `label` is the namespace of its ids that the user chose; `modified` and `changed` are the
  /// file's times in nanoseconds since 1970 UTC when it was read last, 0 when they are not known;
  /// `run` is the last one that moved it on.
  static let sources = SealedTable(
    "sources", key: ["id"],
    columns: [
      "id INTEGER PRIMARY KEY",
      "path TEXT NOT NULL",
      "state TEXT NOT NULL CHECK (state IN ('growing', 'incomplete', 'complete'))",
      "device INTEGER NOT NULL",
      "inode INTEGER NOT NULL",
      "size INTEGER NOT NULL CHECK (size >= 0)",
      "offset INTEGER NOT NULL CHECK (offset >= 0)",
      "line INTEGER NOT NULL CHECK (line >= 0)",
      "head_length INTEGER",
      "head_hash BLOB",
      "anchor_length INTEGER",
      "anchor_hash BLOB",
      "content_length INTEGER",
      "content_hash BLOB",
      "label TEXT NOT NULL",
      "modified INTEGER NOT NULL",
      "changed INTEGER NOT NULL",
      "run INTEGER NOT NULL REFERENCES runs (id)",
    ])

  /// What became of the lines of a source in a run: of the bytes from `start_offset` up to
  /// `end_offset`. A run that corrects what others counted reads nothing new, so that both are
  /// equal, and its counts may be negative.
  static let accounts = SealedTable(
    "accounts", key: ["run", "source"],
    columns: [
      "run INTEGER NOT NULL REFERENCES runs (id)",
      "source INTEGER NOT NULL REFERENCES sources (id)",
      "start_offset INTEGER NOT NULL CHECK (start_offset >= 0)",
      "end_offset INTEGER NOT NULL CHECK (end_offset >= start_offset)",
      "lines INTEGER NOT NULL",
      "event_lines INTEGER NOT NULL",
      "duplicates INTEGER NOT NULL",
      "rejected INTEGER NOT NULL",
      "skipped INTEGER NOT NULL",
      "events INTEGER NOT NULL",
      "id_conflicts INTEGER NOT NULL",
      "bytes INTEGER NOT NULL",
    ],
    constraints: ["CHECK (lines = event_lines + duplicates + rejected + skipped)"])

  static let rejectionCounts = SealedTable(
    "rejection_counts", key: ["run", "source", "reason"],
    columns: [
      "run INTEGER NOT NULL REFERENCES runs (id)",
      "source INTEGER NOT NULL REFERENCES sources (id)",
      "reason TEXT NOT NULL",
      "count INTEGER NOT NULL CHECK (count <> 0)",
    ])

  /// Where lines were rejected: bounded samples, and never what the lines say.
  ///
  /// `hash` is that of the line's bytes under the ledger's key, where it was taken; `resolved` is
  /// the run that read the line after all.
  static let quarantine = SealedTable(
    "quarantine", key: ["source", "offset", "reason"],
    columns: [
      "source INTEGER NOT NULL REFERENCES sources (id)",
      "offset INTEGER NOT NULL CHECK (offset >= 0)",
      "length INTEGER NOT NULL CHECK (length >= 0)",
      "line INTEGER NOT NULL",
      "reason TEXT NOT NULL",
      "hash BLOB CHECK (length(hash) = 16)",
      "run INTEGER NOT NULL REFERENCES runs (id)",
      "resolved INTEGER REFERENCES runs (id)",
    ])

  /// Facts that a run added to a day that earlier runs had facts of or that was over.
  static let lateFacts = SealedTable(
    "late_facts", key: ["run", "day"],
    columns: [
      "run INTEGER NOT NULL REFERENCES runs (id)",
      "day INTEGER NOT NULL",
      "count INTEGER NOT NULL CHECK (count > 0)",
    ])

  /// At most one row: facts before the UTC day `first_day` were pruned.
  static let retention = SealedTable(
    "retention", key: ["id"],
    columns: [
      "id INTEGER PRIMARY KEY CHECK (id = 1)",
      "first_day INTEGER NOT NULL",
      "run INTEGER NOT NULL REFERENCES runs (id)",
    ])

  /// Facts (1), rollups (2) and the keys of pruned facts (3), each with a hash of its row.
  ///
  /// `facts` is the segment that a rollup adds up; a rollup goes when its facts are replaced.
  private static let segments = """
    CREATE TABLE segments (
      id INTEGER PRIMARY KEY,
      kind INTEGER NOT NULL CHECK (kind IN (1, 2, 3)),
      day INTEGER NOT NULL,
      run INTEGER NOT NULL REFERENCES runs (id),
      facts INTEGER REFERENCES segments (id) ON DELETE CASCADE,
      row_count INTEGER NOT NULL CHECK (row_count > 0),
      first_time INTEGER NOT NULL,
      last_time INTEGER NOT NULL CHECK (last_time >= first_time),
      byte_count INTEGER NOT NULL CHECK (byte_count > 0),
      hash BLOB NOT NULL CHECK (length(hash) = 16),
      blob BLOB NOT NULL,
      CHECK ((kind = 2) = (facts IS NOT NULL))
    ) STRICT
    """

  private static let segmentsByDay =
    "CREATE INDEX segments_by_day ON segments (day, kind, row_count)"
  private static let segmentsByFacts = "CREATE UNIQUE INDEX segments_by_facts ON segments (facts)"

  /// Makes the tables of an empty file.
  static func create(in db: Database) throws {
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    try db.execute(sql: "PRAGMA user_version = \(version)")
    for object in objects { try db.execute(sql: object.sql) }
  }

  /// Refuses a file whose tables are not as they were made.
  static func check(
    _ db: Database, _ objects: [(name: String, sql: String)], path: String
  ) throws {
    var expected = Dictionary(uniqueKeysWithValues: objects.map { ($0.name, $0.sql) })
    let rows = try Row.fetchCursor(
      db, sql: "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    while let row = try rows.next() {
      let (name, sql) = (String.fromDatabaseValue(row[0]), String.fromDatabaseValue(row[1]))
      guard let name, expected.removeValue(forKey: name) == sql else {
        throw LedgerError.alteredSchema(path: path, object: name ?? "an object without a name")
      }
    }
    if let missing = expected.keys.sorted().first {
      throw LedgerError.alteredSchema(path: path, object: missing)
    }
  }
}
