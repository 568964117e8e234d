/// What can go wrong with a ledger. Every case says what is wrong and what to do.
public enum LedgerError: Error, Hashable, Sendable {
  /// The path or its directory cannot be used.
  case missing(path: String)
  case noDirectory(path: String)
  case isDirectory(path: String)
  case isSymlink(path: String)
  case notRegular(path: String)
  case noPermission(path: String)
  case readOnly(path: String)
  /// A file that is to be written is there already.
  case exists(path: String)
  case sameFile(path: String)
  case noBackup(path: String)

  /// The file is not a ledger of this program.
  case notSQLite(path: String)
  case foreign(path: String)
  case newer(path: String, version: Int, supported: Int)
  case older(path: String, version: Int, supported: Int)
  case alteredSchema(path: String, object: String)

  /// The ledger is damaged.
  case corrupt(path: String, detail: String)
  case damagedSegment(path: String, segment: Int64, day: String, reason: String)
  /// A copy of it did not pass the check.
  case unverified(path: String, detail: String)

  /// Two ledgers that cannot become one.
  case differentKey(path: String, other: String)
  case pruned(path: String)

  /// The ledger cannot be used now.
  case locked(path: String, holder: Int?)
  case busy(path: String)
  case diskFull(path: String)
  case inputOutput(path: String, detail: String)
  case outOfMemory(String)

  /// Another run moved the source on; nothing of this commit was stored.
  case concurrentChange(source: String)
  /// The account of a source does not add up; nothing of this commit was stored.
  case unbalanced(source: String)
  /// A reader asked for usage of which it had not said that it would.
  case outsideScope(path: String, day: String)

  /// The classes of errors that a caller tells apart: each has an exit code of its own.
  public enum Kind: Sendable, Hashable {
    /// Exit code 65.
    case badData
    /// Exit code 69.
    case unavailable
    /// Exit code 70.
    case bug
    /// Exit code 73.
    case cannotWrite
    /// Exit code 75.
    case locked
  }

  public var kind: Kind {
    switch self {
    case .missing, .noBackup: .unavailable
    case .noDirectory, .isDirectory, .isSymlink, .notRegular, .noPermission, .readOnly, .exists,
      .sameFile:
      .cannotWrite
    case .notSQLite, .foreign, .newer, .older, .alteredSchema, .corrupt, .damagedSegment,
      .unverified, .differentKey, .pruned:
      .badData
    case .locked, .busy, .concurrentChange: .locked
    case .diskFull, .inputOutput: .cannotWrite
    case .outOfMemory: .unavailable
    case .unbalanced, .outsideScope: .bug
    }
  }
}

extension LedgerError: CustomStringConvertible {
  /// What is wrong, in one sentence.
  public var description: String {
    switch self {
    case .missing(let path): "There is no ledger at \(path)."
    case .noDirectory(let path): "The directory of \(path) does not exist."
    case .isDirectory(let path): "\(path) is a directory."
    case .isSymlink(let path): "\(path) is a symbolic link."
    case .notRegular(let path): "\(path) is not a regular file."
    case .noPermission(let path): "\(path) may not be opened by this user."
    case .readOnly(let path): "\(path) cannot be written."
    case .exists(let path): "\(path) is there already."
    case .sameFile(let path): "\(path) is the ledger itself."
    case .noBackup(let path): "There is no backup at \(path)."
    case .notSQLite(let path): "\(path) is not a ledger: it is not an SQLite file."
    case .foreign(let path): "\(path) is the SQLite file of another program."
    case .newer(let path, let version, let supported):
      "\(path) has format \(version); this program reads up to \(supported)."
    case .older(let path, let version, let supported):
      "\(path) has format \(version); this program reads format \(supported)."
    case .alteredSchema(let path, let object): "\(path) was altered: \(object) is not as written."
    case .corrupt(let path, let detail): "\(path) is damaged: \(detail)."
    case .damagedSegment(let path, let segment, let day, let reason):
      "\(path) is damaged: segment \(segment) of \(day) cannot be read, \(reason)."
    case .unverified(let path, let detail): "A copy of \(path) is not sound: \(detail)."
    case .differentKey(let path, let other):
      "\(path) and \(other) have different keys: which of their requests are the same is not known."
    case .pruned(let path): "Old requests were pruned from \(path)."
    case .locked(let path, let holder):
      "\(path) is in use by \(holder.map { "process \($0)" } ?? "another process")."
    case .busy(let path): "\(path) stayed busy for too long."
    case .diskFull(let path): "There is no space left for \(path)."
    case .inputOutput(let path, let detail): "\(path) cannot be read or written: \(detail)."
    case .outOfMemory(let what): "Memory ran out: \(what)."
    case .concurrentChange(let source): "Another run read \(source) at the same time."
    case .unbalanced(let source): "The lines of \(source) do not add up."
    case .outsideScope(let path, let day): "The usage of \(day) was not copied from \(path)."
    }
  }

  /// What to do, in one sentence.
  public var remedy: String {
    switch self {
    case .missing: "Run `tollbook ingest` first, or name the right file with --ledger."
    case .noDirectory: "Create the directory, or name another file with --ledger."
    case .isDirectory: "Name a file in it with --ledger."
    case .isSymlink: "Name the file that it points to: links are not followed for writing."
    case .notRegular: "Name a regular file with --ledger."
    case .noPermission, .readOnly:
      "Change the permissions of the file and its directory, or name another file with --ledger."
    case .exists: "Name another file; `backup` replaces one with --force."
    case .sameFile: "Name another file."
    case .noBackup: "Check the path."
    case .unverified: "Nothing was changed; `tollbook verify --full` tells all that is wrong."
    case .differentKey:
      "Ingest the logs into ledgers that `tollbook ledger new FILE --key-of LEDGER` made."
    case .pruned: "Merge ledgers before they are pruned, or ingest the logs into one ledger."
    case .notSQLite, .foreign: "It was not touched; name another file with --ledger."
    case .newer: "It was not touched; install the newer version of tollbook."
    case .older:
      "Run `tollbook migrate`, or ingest into it: a copy of it is kept and verified before."
    case .alteredSchema: "Restore it from a backup, or ingest the logs into a new ledger."
    case .corrupt, .damagedSegment:
      "Keep the file, and restore a backup or ingest the logs into a new ledger."
    case .locked, .busy: "Wait until it is done and try again."
    case .diskFull: "Make space and run the same command again: what was stored is whole."
    case .inputOutput: "Check the disk, and run the same command again."
    case .outOfMemory: "Give it more memory, or read fewer files at a time."
    case .concurrentChange: "Run the same command again: nothing is counted twice."
    case .unbalanced: "Report it as a bug of tollbook; nothing of the batch was stored."
    case .outsideScope: "Report it as a bug of tollbook."
    }
  }
}
