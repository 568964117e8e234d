import Glibc

/// The right to write a ledger: a lock on the file `<ledger>.lock`, held until it is released.
///
/// The lock is the kernel's, so that it goes with its process however that ends. The file names the
/// holder and is never removed: two processes that lock two files of one name would both write.
final class LedgerLock: Sendable {
  private let descriptor: Int32

  /// - Throws: `LedgerError.locked` when another process, or another ledger of this one, has it.
  init(ledger path: String) throws(LedgerError) {
    let lockPath = path + ".lock"
    do throws(SystemError) {
      descriptor = try Descriptors.openPrivate(lockPath, exclusively: false)
    } catch {
      throw error.code == ENOENT ? .noDirectory(path: path) : error.ledgerError(lockPath)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let content = Descriptors.contents(of: descriptor, limit: 20)
      close(descriptor)
      guard code == EWOULDBLOCK else { throw SystemError(code: code).ledgerError(lockPath) }
      let digits = content.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      throw .locked(path: path, holder: Int(String(decoding: digits, as: UTF8.self)))
    }
    Descriptors.replaceContents(of: descriptor, with: Array("\(getpid())\n".utf8))
  }

  deinit {
    Descriptors.replaceContents(of: descriptor, with: [])
    close(descriptor)
  }
}
