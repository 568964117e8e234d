import Glibc

/// A file or standard input, read with plain `read`: a file that shrinks while it is read cannot
/// kill the process, as it would a memory map.
@safe
final class FileReader: ByteReader {
  let descriptor: Int32
  private let ownsDescriptor: Bool
  let isInteractive: Bool
  /// Of the file when it was opened; 0 for standard input.
  let size: Int64
  let device: UInt64
  let inode: UInt64

  /// Opens a regular file.
  ///
  /// - Throws: `InputError`.
  init(path: String) throws(InputError) {
    let opened = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else {
      switch errno {
      case ENOENT, ENOTDIR: throw .notFound
      case EACCES, EPERM: throw .permissionDenied
      case EMFILE, ENFILE: throw .tooManyOpenFiles
      // A socket.
      case ENXIO: throw .notAFile
      default: throw .unreadable(errno)
      }
    }
    descriptor = opened
    ownsDescriptor = true
    var status = stat()
    guard unsafe fstat(opened, &status) == 0 else {
      let number = errno
      close(opened)
      throw .unreadable(number)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      if status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory }
      throw .notAFile
    }
    size = Int64(status.st_size)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    isInteractive = false
    _ = posix_fadvise(opened, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  /// Standard input: a pipe, a file or a terminal. A device that never ends is refused.
  ///
  /// - Throws: `InputError`.
  init(standardInput: Void) throws(InputError) {
    descriptor = STDIN_FILENO
    ownsDescriptor = false
    isInteractive = isatty(STDIN_FILENO) == 1
    var status = stat()
    guard unsafe fstat(STDIN_FILENO, &status) == 0 else { throw .unreadable(errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory }
    let isDevice = status.st_mode & S_IFMT == S_IFCHR && status.st_rdev != Self.nullDevice
    if isDevice, !isInteractive { throw .notAFile }
    size = 0
    device = 0
    inode = 0
  }

  /// Major number 1, minor number 3: what has no content has an end.
  private static let nullDevice: dev_t = 1 << 8 | 3

  deinit {
    if ownsDescriptor { close(descriptor) }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    while true {
      if !ownsDescriptor { try waitForInput() }
      let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno == EINTR { continue }
      throw errno == EISDIR ? .isDirectory : .unreadable(errno)
    }
  }

  /// Waits until a pipe has something to read, or its end.
  ///
  /// - Throws: `InputError.stopped` when reading is to stop before that.
  private func waitForInput() throws(InputError) {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while unsafe poll(&request, 1, 200) <= 0 {
      if ReadingStop.isRequested { throw .stopped }
    }
  }

  /// Bytes from a position, without moving; fewer at the end.
  func bytes(at offset: Int64, count: Int) throws(InputError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let got = unsafe pread(
          descriptor, buffer.baseAddress.map { unsafe $0 + filled }, count - filled,
          off_t(offset) + off_t(filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        filled += got
      }
    }
    if failure != 0 { throw .unreadable(failure) }
    return bytes
  }

  /// Goes to a position.
  func seek(to offset: Int64) throws(InputError) {
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw .unreadable(errno) }
  }
}
