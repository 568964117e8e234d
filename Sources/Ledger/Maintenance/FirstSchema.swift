/// The tables of format 1, as the first ledgers have them; they are only read (`Migration`).
enum FirstSchema {
  static let version = 1

  static let objects: [(name: String, sql: String)] = [
    ("identity", identity), ("runs", runs), ("sources", sources), ("accounts", accounts),
    ("rejection_counts", rejectionCounts), ("rejection_samples", rejectionSamples),
    ("segments", segments), ("segments_by_day", segmentsByDay),
    ("segments_by_facts", segmentsByFacts),
  ]

  private static let identity = """
    CREATE TABLE identity (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      key BLOB NOT NULL CHECK (length(key) = 16)
    ) STRICT
    """

  private static let runs = """
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY,
      started INTEGER NOT NULL,
      finished INTEGER,
      program TEXT NOT NULL,
      price_book TEXT NOT NULL
    ) STRICT
    """

  private static let sources = """
    CREATE TABLE sources (
      id INTEGER PRIMARY KEY,
      path TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('growing', 'incomplete', 'complete')),
      device INTEGER NOT NULL,
      inode INTEGER NOT NULL,
      size INTEGER NOT NULL CHECK (size >= 0),
      offset INTEGER NOT NULL CHECK (offset >= 0),
      line INTEGER NOT NULL CHECK (line >= 0),
      head_length INTEGER, head_hash BLOB,
      anchor_length INTEGER, anchor_hash BLOB,
      content_length INTEGER, content_hash BLOB
    ) STRICT
    """

  private static let accounts = """
    CREATE TABLE accounts (
      run INTEGER NOT NULL REFERENCES runs (id),
      source INTEGER NOT NULL REFERENCES sources (id),
      lines INTEGER NOT NULL,
      event_lines INTEGER NOT NULL,
      duplicates INTEGER NOT NULL,
      rejected INTEGER NOT NULL,
      skipped INTEGER NOT NULL,
      events INTEGER NOT NULL,
      id_conflicts INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      PRIMARY KEY (run, source),
      CHECK (lines = event_lines + duplicates + rejected + skipped)
    ) STRICT, WITHOUT ROWID
    """

  private static let rejectionCounts = """
    CREATE TABLE rejection_counts (
      run INTEGER NOT NULL REFERENCES runs (id),
      source INTEGER NOT NULL REFERENCES sources (id),
      reason TEXT NOT NULL,
      count INTEGER NOT NULL CHECK (count > 0),
      PRIMARY KEY (run, source, reason)
    ) STRICT, WITHOUT ROWID
    """

  private static let rejectionSamples = """
    CREATE TABLE rejection_samples (
      source INTEGER NOT NULL REFERENCES sources (id),
      reason TEXT NOT NULL,
      line INTEGER NOT NULL,
      offset INTEGER NOT NULL,
      length INTEGER NOT NULL,
      run INTEGER NOT NULL REFERENCES runs (id),
      PRIMARY KEY (source, reason, offset)
    ) STRICT, WITHOUT ROWID
    """

  private static let segments = """
    CREATE TABLE segments (
      id INTEGER PRIMARY KEY,
      kind INTEGER NOT NULL CHECK (kind IN (1, 2)),
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
}
