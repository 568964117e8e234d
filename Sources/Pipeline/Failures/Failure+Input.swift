import Billing
public import Ingestion

extension Failure {
  /// A path of the command line that stands for nothing.
  public init(_ problem: InputList.Problem) {
    let (text, remedy): (String, String) =
      switch problem.kind {
      case .notFound: ("there is no such file or directory", "Check the path.")
      case .emptyDirectory: ("the directory holds no logs", "Name the directory that holds them.")
      case .noMatch: ("no file matches the pattern", "Check the pattern and its quotes.")
      case .unreadableDirectory:
        ("the directory cannot be read", "Check its permissions for this user.")
      }
    self.init(problem.path, text, remedy, .unavailable)
  }

  /// What is to be said of an input that was read.
  public init(input name: String, _ notice: InputNotice) {
    switch notice {
    case .rewritten:
      self.init(
        name, "the file was truncated or rewritten while it was read",
        "What was read counts; the next run reads the file from its start.", .done)
    case .sameStream:
      self.init(
        name, "the same stream was read before",
        "Its requests are counted once; these lines count as duplicates.", .done)
    }
  }

  /// What broke an input.
  public init(input name: String, _ error: InputError) {
    switch error {
    case .notFound: self.init(name, "there is no such file", "Check the path.", .unavailable)
    case .isDirectory:
      self.init(name, "this is a directory", "Name a file.", .unavailable)
    case .notAFile:
      self.init(
        name, "this is a device or a named pipe", "Name a file, or pipe the log into `-`.",
        .unavailable)
    case .permissionDenied:
      self.init(
        name, "the file may not be read by this user", "Change its permissions.", .unavailable)
    case .tooManyOpenFiles:
      self.init(
        name, "the process may not open another file",
        "Raise `limits.open_files` in tollbook.yaml where it is set, else `ulimit -n`.",
        .unavailable)
    case .stopped: self.init(name, "it was not read to its end", "Read it again.", .locked)
    case .unreadable(let number):
      self.init(
        name, "the file cannot be read: system error \(number)", "Check the disk and the path.",
        .unavailable)
    default: self.init(damaged: name, error)
    }
  }

  private init(damaged name: String, _ error: InputError) {
    let kept = "What stands before is read."
    let (text, remedy): (String, String) =
      switch error {
      case .truncated(let form):
        ("the \(form.rawValue) stream ends before its end mark", "\(kept) Copy the file again.")
      case .damaged(let form):
        (
          "the \(form.rawValue) stream is damaged",
          "Sound members before that are read. Copy the file again."
        )
      case .trailingGarbage(let form):
        (
          "bytes follow the \(form.rawValue) stream that do not belong to it",
          "\(kept) Cut them off, or copy the file again."
        )
      case .bomb(let form):
        (
          "the \(form.rawValue) stream expands beyond the limit: 1000 bytes for each of it, unless"
            + " `limits.expansion` says otherwise",
          "\(kept) Raise `limits.expansion` in tollbook.yaml if the file is to be trusted."
        )
      case .needsDictionary:
        ("the zstd stream needs a dictionary", "Compress the log without one.")
      default: ("the text is UTF-16 or UTF-32", "Save it as UTF-8.")
      }
    self.init(name, text, remedy, .badData)
  }
}

extension InputReport {
  /// What is wrong with the input as a whole; `nil` for a good one. Lines that were rejected among
  /// good ones are no failure.
  public var failure: Failure? { failure(of: []) }

  /// - Parameters:
  ///   - dialects: the files of dialects that the user gave.
  ///   - isChecked: what they make of the lines has just been told.
  public func failure(of dialects: [String], isChecked: Bool = false) -> Failure? {
    if let error { return Failure(input: name, error) }
    // A line that comes too late was understood.
    let misread = accounting.rejected - (accounting.rejections[.tooLate] ?? 0)
    guard misread > 0, accounting.eventLines + accounting.duplicates == 0,
      misread + accounting.skipped == accounting.lines,
      // Where most lines are known to carry no usage, the input was understood.
      misread >= accounting.skipped
    else { return nil }
    let reasons = accounting.rejections.filter { $0.value > 0 }.map(\.key.name).sorted()
    let only = reasons.count == 1 ? " (\(reasons[0]))" : ""
    guard let dialect = dialects.first else {
      return Failure(
        name, "no line of it could be read\(only)",
        "`tollbook dialects list` names the dialects; describe another one with --dialect FILE.",
        .badData)
    }
    return Failure(
      name, "no line of it could be read\(only), also not with \(dialect)",
      isChecked
        ? "What `detect` recognises, and what was refused, stands above."
        : "`tollbook dialects check \(dialect) \(name)` tells what the dialect makes of its lines.",
      .badData)
  }
}
