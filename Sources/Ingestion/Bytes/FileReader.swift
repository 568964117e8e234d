import Billing
import Glibc

/// A file or standard input, read with plain `read`: a file that shrinks while it is read cannot
/// kill the process, as it would a memory map.
@safe
final class FileReader: ByteReader {
  let descriptor: Int32
  private let ownsDescriptor: Bool
  /// The descriptor's own position belongs to another reader.
  private let sharesPosition: Bool
  let isInteractive: Bool
  let isStandardInput: Bool
  /// Of the file when it was opened; zeros for standard input.
  let status: FileStatus
  /// Of the next byte.
  private var position: Int64 = 0
  /// Bytes of the file before this were seen.
  private var end: Int64 = 0
  private var samples = ReadSamples()
  /// The last bytes that were read, as many as a sample has.
  private var seam: [UInt8] = []
  /// The file was rewritten between two reads.
  private var hasBroken = false
  private var hasher: KeyedHasher?
  /// What is read in place of a file.
  private let memory: [UInt8]?

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
    do throws(InputError) {
      status = try FileStatus(of: opened)
    } catch {
      close(opened)
      throw error
    }
    descriptor = opened
    memory = nil
    (ownsDescriptor, sharesPosition) = (true, false)
    (isInteractive, isStandardInput) = (false, false)
    _ = posix_fadvise(opened, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  /// Reads the file that another reader has open once more, from its start.
  ///
  /// - Throws: `InputError`.
  init(again other: FileReader) throws(InputError) {
    let copy = fcntl(other.descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw .unreadable(errno) }
    descriptor = copy
    memory = nil
    (ownsDescriptor, sharesPosition) = (true, true)
    (isInteractive, isStandardInput) = (false, false)
    status = other.status
  }

  /// Standard input: a pipe, a file or a terminal. A device that never ends is refused.
  ///
  /// - Parameter key: of the hash of all that is read.
  /// - Throws: `InputError`.
  init(standardInput key: StoreKey?) throws(InputError) {
    descriptor = STDIN_FILENO
    memory = nil
    (ownsDescriptor, sharesPosition) = (false, false)
    isInteractive = isatty(STDIN_FILENO) == 1
    isStandardInput = true
    status = FileStatus()
    hasher = key.map { KeyedHasher(key: $0) }
    var status = stat()
    guard unsafe fstat(STDIN_FILENO, &status) == 0 else { throw .unreadable(errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory }
    let isDevice = status.st_mode & S_IFMT == S_IFCHR && status.st_rdev != Self.nullDevice
    if isDevice, !isInteractive { throw .notAFile }
  }

  /// Bytes that are at hand, read as a file.
  init(memory bytes: [UInt8]) {
    descriptor = -1
    memory = bytes
    (ownsDescriptor, sharesPosition) = (false, true)
    (isInteractive, isStandardInput) = (false, false)
    status = FileStatus()
  }

  /// Major number 1, minor number 3: what has no content has an end.
  private static let nullDevice: dev_t = 1 << 8 | 3

  deinit {
    if ownsDescriptor { close(descriptor) }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    if let memory {
      let piece = memory[Int(position)...].prefix(buffer.count)
      unsafe buffer.copyBytes(from: piece)
      position += Int64(piece.count)
      return piece.count
    }
    while true {
      if isStandardInput { try waitForInput() }
      let count =
        sharesPosition
        ? unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(position))
        : unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count > 0, try !goesOn() { return 0 }
      if count >= 0 {
        unsafe note(UnsafeRawBufferPointer(rebasing: buffer[0..<count]))
        return count
      }
      if errno == EINTR { continue }
      throw errno == EISDIR ? .isDirectory : .unreadable(errno)
    }
  }

  private func note(_ piece: UnsafeRawBufferPointer) {
    if isStandardInput {
      unsafe hasher?.update(piece.bindMemory(to: UInt8.self).span)
    } else {
      unsafe samples.note(piece, at: position)
      seam =
        unsafe Array(seam.suffix(max(ReadSamples.length - piece.count, 0)))
        + Array(piece.suffix(ReadSamples.length))
    }
    position += Int64(piece.count)
    end = max(end, position)
  }

  /// What was read last still stands before what was read now: else the file was truncated and
  /// refilled in between, and the end of an old line and the rest of a new one would make a line
  /// that nobody wrote. The input ends there.
  private func goesOn() throws(InputError) -> Bool {
    guard !isStandardInput, !seam.isEmpty else { return true }
    if try bytes(at: position - Int64(seam.count), count: seam.count) != seam { hasBroken = true }
    return !hasBroken
  }

  /// What was read of standard input: its length and its hash.
  var content: (length: Int64, digest: KeyedDigest)? { hasher.map { (position, $0.finalize()) } }

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

  /// Goes to a position, of which what stands before was read by a former run.
  func seek(to offset: Int64, after edges: ContentEdges) throws(InputError) {
    if !sharesPosition, lseek(descriptor, off_t(offset), SEEK_SET) < 0 {
      throw .unreadable(errno)
    }
    position = offset
    end = max(end, offset)
    samples.note(edges.head, at: 0)
    samples.note(edges.tail, at: offset - Int64(edges.tail.count))
    seam = Array(edges.tail.suffix(ReadSamples.length))
  }

  /// The file is shorter now than what was read of it, or other bytes stand where some were read.
  func wasRewritten() throws(InputError) -> Bool {
    if isStandardInput { return false }
    if hasBroken { return true }
    if try FileStatus(of: descriptor).size < end { return true }
    return try !samples.hold { (offset, count) throws(InputError) in
      try bytes(at: offset, count: count)
    }
  }
}

/// What the system knows of a file beside its content.
public struct FileStatus: Sendable, Hashable {
  /// Bytes.
  public var size: Int64 = 0
  public var device: UInt64 = 0
  public var inode: UInt64 = 0
  /// When the content was changed last, in nanoseconds since 1970 UTC.
  public var modified: Int64 = 0
  /// When the content or what is known of it was changed last, in nanoseconds since 1970 UTC.
  public var changed: Int64 = 0

  init() {}

  /// - Throws: `InputError`, also for what is no regular file.
  init(of descriptor: Int32) throws(InputError) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw status.st_mode & S_IFMT == S_IFDIR ? .isDirectory : .notAFile
    }
    size = Int64(status.st_size)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    modified = Self.nanoseconds(status.st_mtim)
    changed = Self.nanoseconds(status.st_ctim)
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
