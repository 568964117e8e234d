/// Some of the bytes that were read of a file, with their places: to tell afterwards whether the
/// file was rewritten while it was read.
///
/// There are few of them however long the file is: when they become too many, every second one is
/// dropped, and from then on half as many are taken.
struct ReadSamples {
  private var samples: [(offset: Int64, bytes: [UInt8])] = []
  /// Pieces for each of which one is sampled.
  private var stride = 1
  private var pieces = 0

  private static let limit = 64
  /// Bytes of a sample: more than a line of most logs, of which much is the same in each.
  static let length = 1024

  /// Takes note of a piece that was read.
  mutating func note(_ piece: UnsafeRawBufferPointer, at offset: Int64) {
    guard unsafe !piece.isEmpty else { return }
    unsafe noteHead(piece, at: offset)
    defer { pieces += 1 }
    guard pieces.isMultiple(of: stride) else { return }
    let end = unsafe piece.suffix(Self.length)
    unsafe samples.append((offset + Int64(piece.count - end.count), Array(end)))
    guard samples.count > Self.limit else { return }
    samples = samples.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    stride *= 2
  }

  /// The first bytes are a sample in any case, in however small pieces they come.
  private mutating func noteHead(_ piece: UnsafeRawBufferPointer, at offset: Int64) {
    if samples.isEmpty { samples.append((offset, [])) }
    let missing = Self.length - samples[0].bytes.count
    guard offset == samples[0].offset + Int64(samples[0].bytes.count), missing > 0 else { return }
    unsafe samples[0].bytes += Array(piece.prefix(missing))
  }

  /// Takes note of bytes that were found to be what they were in a former run.
  mutating func note(_ bytes: [UInt8], at offset: Int64) {
    if !bytes.isEmpty { samples.append((offset, bytes)) }
  }

  /// All samples stand where they were read.
  ///
  /// - Parameter read: gives the bytes that stand at a place now.
  func hold<Failure: Error>(
    _ read: (Int64, Int) throws(Failure) -> [UInt8]
  ) throws(Failure) -> Bool {
    for sample in samples where try read(sample.offset, sample.bytes.count) != sample.bytes {
      return false
    }
    return true
  }
}
