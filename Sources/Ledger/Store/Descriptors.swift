import Glibc

/// The few system calls that opening a ledger needs beside SQLite's own.
///
/// Besides `Compression.swift` the only unsafe code of the ledger: C strings and C structures.
enum Descriptors {
  enum FileKind {
    case missing, regular, directory, symlink, other
  }

  /// What stands at a path; a symbolic link is not followed.
  static func kind(of path: String) -> FileKind {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return .missing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .regular
    case S_IFDIR: return .directory
    case S_IFLNK: return .symlink
    default: return .other
    }
  }

  /// The bytes of a file; `nil` when there is none.
  static func size(of path: String) -> Int64? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int64(status.st_size) : nil
  }

  static func isWritable(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }

  static func isReadable(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

  /// Opens a file for reading and writing, making it when missing; only the owner may open it.
  ///
  /// The mode is set on the descriptor: the umask is not to be trusted.
  static func openPrivate(_ path: String, exclusively: Bool) throws(SystemError) -> Int32 {
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (exclusively ? O_EXCL : 0)
    let descriptor = unsafe open(path, flags, 0o600)
    guard descriptor >= 0, fchmod(descriptor, 0o600) == 0 else {
      let error = SystemError(code: errno)
      if descriptor >= 0 { close(descriptor) }
      throw error
    }
    return descriptor
  }

  /// Makes an empty file that only the owner may open.
  static func createPrivate(_ path: String) throws(SystemError) {
    close(try openPrivate(path, exclusively: true))
  }

  static func rename(_ old: String, to new: String) throws(SystemError) {
    guard unsafe Glibc.rename(old, new) == 0 else { throw SystemError(code: errno) }
  }

  /// Gives a file a second name, which must be free.
  static func link(_ path: String, to name: String) throws(SystemError) {
    guard unsafe Glibc.link(path, name) == 0 else { throw SystemError(code: errno) }
  }

  /// Both paths lead to one file.
  static func isSameFile(_ first: String, _ second: String) -> Bool {
    var (one, other) = (stat(), stat())
    guard unsafe stat(first, &one) == 0, unsafe stat(second, &other) == 0 else { return false }
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }

  static func removeIfPresent(_ path: String) { _ = unsafe unlink(path) }

  /// Makes the names in a directory durable.
  static func synchronize(directory path: String) throws(SystemError) {
    try synchronize(path, O_DIRECTORY)
  }

  /// Makes the content of a file durable.
  static func synchronize(file path: String) throws(SystemError) {
    try synchronize(path, O_NOFOLLOW)
  }

  private static func synchronize(_ path: String, _ flags: Int32) throws(SystemError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | flags)
    guard descriptor >= 0 else { throw SystemError(code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw SystemError(code: errno) }
  }

  /// The first bytes of a file, at most `limit`; `nil` when it cannot be opened.
  static func contents(ofFileAt path: String, limit: Int) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return contents(of: descriptor, limit: limit)
  }

  /// Calls `body` with the bytes of a file, piece by piece.
  static func forEachPiece(
    ofFileAt path: String, _ body: ([UInt8]) -> Void
  ) throws(SystemError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(code: errno) }
    defer { close(descriptor) }
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe piece.withUnsafeMutableBytes { target in
        unsafe read(descriptor, target.baseAddress, target.count)
      }
      guard count >= 0 else { throw SystemError(code: errno) }
      guard count > 0 else { return }
      body(Array(piece.prefix(count)))
    }
  }

  /// The first bytes of an open file, at most `limit`.
  static func contents(of descriptor: Int32, limit: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = unsafe bytes.withUnsafeMutableBytes { target in
      unsafe pread(descriptor, target.baseAddress, limit, 0)
    }
    return Array(bytes.prefix(max(count, 0)))
  }

  /// Replaces the content of a file; what cannot be written is left out.
  static func replaceContents(of descriptor: Int32, with bytes: [UInt8]) {
    guard ftruncate(descriptor, 0) == 0 else { return }
    _ = unsafe bytes.withUnsafeBytes { source in
      unsafe pwrite(descriptor, source.baseAddress, source.count, 0)
    }
  }

  /// Writes all bytes at an offset of an open file.
  static func write(_ bytes: [UInt8], to descriptor: Int32, at offset: Int64) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { source in
        unsafe pwrite(
          descriptor, source.baseAddress?.advanced(by: done), source.count - done,
          off_t(offset) + off_t(done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw SystemError(code: count < 0 ? errno : EIO) }
      done += count
    }
  }

  /// The bytes at an offset of an open file, all of them.
  static func bytes(of descriptor: Int32, at offset: Int64, count: Int) throws(SystemError)
    -> [UInt8]
  {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let read = unsafe bytes.withUnsafeMutableBytes { target in
        unsafe pread(
          descriptor, target.baseAddress?.advanced(by: done), count - done,
          off_t(offset) + off_t(done))
      }
      if read < 0, errno == EINTR { continue }
      guard read > 0 else { throw SystemError(code: read < 0 ? errno : EIO) }
      done += read
    }
    return bytes
  }

  static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

  /// A variable of the environment that is set to something.
  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}

/// The error of a system call.
struct SystemError: Error, Hashable {
  var code: Int32

  static let noDirectory = SystemError(code: ENOENT)

  /// The text that the system has for the code.
  var text: String { unsafe String(cString: strerror(code)) }

  func ledgerError(_ path: String) -> LedgerError {
    switch code {
    case ENOENT, ENOTDIR: .noDirectory(path: path)
    case EISDIR: .isDirectory(path: path)
    case ELOOP: .isSymlink(path: path)
    case EACCES, EPERM: .noPermission(path: path)
    case EROFS: .readOnly(path: path)
    case ENOSPC, EDQUOT, EFBIG: .diskFull(path: path)
    default: .inputOutput(path: path, detail: text)
    }
  }
}
