/// Compressed segments that were copied out of a ledger: in memory while they are few, else in a file
/// that has no name any more and goes with its reader.
struct SegmentCopy: Sendable {
  private enum Place: Sendable {
    case memory([UInt8])
    case file(offset: Int64, count: Int)
  }

  /// The bytes that are held in memory, at most.
  static let memoryLimit = 64 << 20

  private let memoryLimit: Int
  private let directory: String
  private var places: [Int64: Place] = [:]
  private var bytesInMemory = 0
  private var file: UnnamedFile?
  private var bytesInFile: Int64 = 0

  /// - Parameter directory: Where a file is made when one is needed.
  init(directory: String, memoryLimit: Int = Self.memoryLimit) {
    self.directory = directory
    self.memoryLimit = memoryLimit
  }

  /// Keeps the compressed content of a segment.
  ///
  /// - Throws: `LedgerError` when there is no space for it.
  mutating func add(_ blob: [UInt8], of segment: Int64) throws(LedgerError) {
    if bytesInMemory + blob.count <= memoryLimit {
      bytesInMemory += blob.count
      places[segment] = .memory(blob)
      return
    }
    do throws(SystemError) {
      if file == nil { file = try UnnamedFile(in: [directory, Self.temporaryDirectory]) }
      try file?.write(blob, at: bytesInFile)
    } catch {
      throw error.ledgerError(directory)
    }
    places[segment] = .file(offset: bytesInFile, count: blob.count)
    bytesInFile += Int64(blob.count)
  }

  /// The compressed content of a segment; `nil` when it was not copied.
  func blob(of segment: Int64) throws(LedgerError) -> [UInt8]? {
    switch places[segment] {
    case nil: return nil
    case .memory(let blob): return blob
    case .file(let offset, let count):
      do throws(SystemError) {
        return try file?.bytes(at: offset, count: count)
      } catch {
        throw error.ledgerError(directory)
      }
    }
  }

  private static var temporaryDirectory: String { Descriptors.environment("TMPDIR") ?? "/var/tmp" }
}

/// A file for one reader: it loses its name when it is made, and goes when it is let go.
final class UnnamedFile: Sendable {
  private let descriptor: Int32

  /// Makes a file in the first of some directories that lets it be made.
  init(in directories: [String]) throws(SystemError) {
    var made: Int32?
    var failure: SystemError?
    for directory in directories where made == nil {
      do throws(SystemError) {
        made = try Self.make(in: directory)
      } catch {
        failure = failure ?? error
      }
    }
    guard let made else { throw failure ?? .noDirectory }
    descriptor = made
  }

  deinit { Descriptors.close(descriptor) }

  private static func make(in directory: String) throws(SystemError) -> Int32 {
    let number = UInt64.random(in: 1...UInt64.max)
    let path = "\(directory)/.tollbook-\(String(number, radix: 16))"
    let descriptor = try Descriptors.openPrivate(path, exclusively: true)
    Descriptors.removeIfPresent(path)
    return descriptor
  }

  func write(_ bytes: [UInt8], at offset: Int64) throws(SystemError) {
    try Descriptors.write(bytes, to: descriptor, at: offset)
  }

  func bytes(at offset: Int64, count: Int) throws(SystemError) -> [UInt8] {
    try Descriptors.bytes(of: descriptor, at: offset, count: count)
  }
}
