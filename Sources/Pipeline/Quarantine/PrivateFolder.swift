import Glibc

/// A folder that only its owner may open, with files that only its owner may open.
///
/// All files are reached from the folder's descriptor, and no symbolic link is followed: what stands
/// under the folder's name later on does not matter.
@safe
final class PrivateFolder {
  private let path: String
  private let descriptor: Int32

  /// Opens a folder.
  ///
  /// - Parameter makes: it is made when there is none.
  /// - Throws: `Failure`, also for a folder that other users may open.
  init(_ path: String, makes: Bool) throws(Failure) {
    self.path = path
    if makes, unsafe mkdir(path, 0o700) != 0, errno != EEXIST { throw Self.failure(path, errno) }
    let opened = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard opened >= 0 else { throw Self.failure(path, errno) }
    descriptor = opened
    var status = stat()
    guard unsafe fstat(opened, &status) == 0 else { throw Self.failure(path, errno) }
    guard status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
      throw Failure(
        path, "other users may open this directory, and rejected lines hold what was asked",
        "Run `chmod 700` on it as its owner, or name another directory.", .cannotWrite)
    }
  }

  deinit { close(descriptor) }

  /// The names of the files in it that end with a suffix, sorted by length and bytes: numbers in
  /// them are in their order.
  func names(suffix: String) -> [String] {
    let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let folder = unsafe fdopendir(copy) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: unsafe Array(bytes.prefix { $0 != 0 }), as: UTF8.self)
      }
      if name.utf8.count > suffix.utf8.count, name.hasSuffix(suffix) { names.append(name) }
    }
    return names.sorted {
      $0.utf8.count == $1.utf8.count
        ? $0.utf8.lexicographicallyPrecedes($1.utf8) : $0.utf8.count < $1.utf8.count
    }
  }

  /// Bytes of a file in it; 0 when there is none.
  func size(of name: String) -> Int64 {
    var status = stat()
    let isThere = unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    return isThere ? Int64(status.st_size) : 0
  }

  /// Makes a file.
  ///
  /// - Returns: `nil` when there is one of this name.
  /// - Throws: `Failure`.
  func create(_ name: String) throws(Failure) -> AppendedFile? {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC
    let file = unsafe openat(descriptor, name, flags, 0o600)
    if file < 0, errno == EEXIST { return nil }
    guard file >= 0, fchmod(file, 0o600) == 0, fsync(descriptor) == 0 else {
      throw Self.failure(path + "/" + name, errno)
    }
    return AppendedFile(path: path + "/" + name, descriptor: file)
  }

  /// The content of a file in it.
  ///
  /// - Parameter limit: bytes that are read at most.
  /// - Throws: `Failure`.
  func contents(of name: String, limit: Int) throws(Failure) -> [UInt8] {
    let file = unsafe openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw Self.failure(path + "/" + name, errno) }
    defer { close(file) }
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let count = min(1 << 20, limit - bytes.count)
      var code: Int32 = 0
      let piece = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        let got = unsafe read(file, buffer.baseAddress, count)
        code = got < 0 ? errno : 0
        filled = max(got, 0)
      }
      if code == EINTR { continue }
      guard code == 0 else { throw Self.failure(path + "/" + name, code) }
      if piece.isEmpty { break }
      bytes += piece
    }
    return bytes
  }

  fileprivate static func failure(_ path: String, _ number: Int32) -> Failure {
    let (problem, remedy): (String, String) =
      switch number {
      case ENOENT: ("there is no such directory", "Check the path.")
      case ELOOP, ENOTDIR:
        ("this is a link or no directory", "Name a directory itself: links are not followed.")
      case EACCES, EPERM, EROFS:
        ("this may not be used by this user", "Change the permissions of the directory.")
      case ENOSPC, EDQUOT, EFBIG: ("there is no space left", "Make space and try again.")
      default: ("it cannot be read or written: system error \(number)", "Check the disk.")
      }
    return Failure(path, problem, remedy, .cannotWrite)
  }
}

/// A file that is only ever added to.
@safe
final class AppendedFile {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  fileprivate init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Adds bytes; some are held back until `synchronize`.
  ///
  /// - Throws: `Failure`.
  func append(_ bytes: some Sequence<UInt8>) throws(Failure) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 18 { try flush() }
  }

  /// Makes all that was added durable.
  ///
  /// - Throws: `Failure`.
  func synchronize() throws(Failure) {
    try flush()
    guard fsync(descriptor) == 0 else { throw PrivateFolder.failure(path, errno) }
  }

  private func flush() throws(Failure) {
    var written = 0
    while written < buffer.count {
      let count = unsafe buffer.withUnsafeBytes { bytes in
        unsafe write(
          descriptor, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw PrivateFolder.failure(path, errno) }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
