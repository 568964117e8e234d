import Foundation
import Glibc

/// Writes whole files: under the name stands the old content or the new one, never a part.
public enum AtomicFile {
  /// Writes beside the path, makes it durable, and gives it the name.
  ///
  /// - Parameter isPrivate: only the owner may open it; otherwise the user's umask decides.
  /// - Throws: `Failure`; what stood under the name stays.
  public static func write(
    _ bytes: [UInt8], to path: String, isPrivate: Bool = false
  ) throws(Failure) {
    let draft = "\(path).\(ProcessInfo.processInfo.processIdentifier).new"
    do throws(Failure) {
      try create(draft, bytes, mode: isPrivate ? 0o600 : 0o666, of: path)
      guard unsafe rename(draft, path) == 0 else { throw failure(path, errno) }
    } catch {
      _ = unsafe unlink(draft)
      throw error
    }
    synchronizeDirectory(of: path)
  }

  /// Makes a file that was not there.
  ///
  /// - Throws: `Failure`, also when there is one.
  public static func create(_ bytes: [UInt8], at path: String) throws(Failure) {
    try create(path, bytes, mode: 0o600, of: path)
    synchronizeDirectory(of: path)
  }

  private static func create(
    _ name: String, _ bytes: [UInt8], mode: mode_t, of path: String
  ) throws(Failure) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = unsafe open(name, flags, mode)
    guard descriptor >= 0 else { throw failure(path, errno) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: Data(bytes))
      try handle.synchronize()
      try handle.close()
    } catch {
      throw failure(path, error.systemNumber)
    }
  }

  /// Makes the name durable as well, as far as the file system can.
  private static func synchronizeDirectory(of path: String) {
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  private static func failure(_ path: String, _ number: Int32) -> Failure {
    let (problem, remedy): (String, String) =
      switch number {
      case EEXIST: ("the file exists already", "Move it away, or name another file.")
      case ENOENT, ENOTDIR: ("its directory does not exist", "Create the directory.")
      case EISDIR: ("this is a directory", "Name a file in it.")
      case EACCES, EPERM, EROFS:
        ("this may not be written by this user", "Change the permissions of its directory.")
      case ENOSPC, EDQUOT, EFBIG: ("there is no space left", "Make space and try again.")
      default: ("it cannot be written: system error \(number)", "Check the disk.")
      }
    return Failure(path, problem, remedy, .cannotWrite)
  }
}

extension Error {
  /// The number that the system gave; 0 when there is none.
  var systemNumber: Int32 {
    let error = self as NSError
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    return cause.domain == NSPOSIXErrorDomain ? Int32(truncatingIfNeeded: cause.code) : 0
  }
}
