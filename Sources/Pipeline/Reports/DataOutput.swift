import Foundation
import Glibc

/// Standard output: data only.
public enum DataOutput {
  /// Writes all of the bytes.
  ///
  /// - Throws: `ClosedPipe` when nobody reads any more, `Failure` when the disk behind it is full.
  public static func write(_ bytes: some Sequence<UInt8>) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    } catch {
      let number = error.systemNumber
      if number == EPIPE { throw ClosedPipe() }
      let isFull = [ENOSPC, EDQUOT, EFBIG].contains(number)
      throw Failure(
        "(standard output)", isFull ? "there is no space left" : "it cannot be written",
        isFull ? "Make space and try again." : "Check where it leads.", .cannotWrite)
    }
  }

  public static func write(_ text: String) throws { try write(text.utf8) }
}
