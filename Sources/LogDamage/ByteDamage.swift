/// Damage to the bytes of a line, as disks, transports and editors do it.
public enum ByteDamage: String, CaseIterable, Sendable {
  case cut, cutFront, flip, delete, double, insert, structure, noise

  /// Texts may come to stand at other keys.
  public var movesText: Bool { self != .cut && self != .insert }

  public func apply(to line: inout [UInt8], _ numbers: inout RandomNumbers) {
    guard !line.isEmpty else { return }
    let place = numbers.below(line.count)
    switch self {
    case .cut: line.removeSubrange(place...)
    case .cutFront: line.removeSubrange(..<place)
    case .flip:
      for _ in 0...numbers.below(4) {
        line[numbers.below(line.count)] ^= UInt8(1 << numbers.below(8))
      }
    case .delete: line.removeSubrange(place..<min(place + 1 + numbers.below(40), line.count))
    case .double:
      let piece = line[place..<min(place + 1 + numbers.below(60), line.count)]
      line.insert(contentsOf: piece, at: numbers.below(line.count))
    case .insert: line.insert(contentsOf: numbers.element(of: Self.pieces), at: place)
    case .structure:
      let marks = line.indices.filter { Self.marks.contains(line[$0]) }
      guard !marks.isEmpty else { return }
      line[numbers.element(of: marks)] = numbers.element(of: Self.marks)
    case .noise:
      for index in place..<min(place + 8, line.count) {
        line[index] = UInt8(truncatingIfNeeded: numbers.next())
      }
    }
  }

  private static let marks = Array("{}[]\",:\\".utf8)

  private static let pieces: [[UInt8]] = [
    [0], [0xEF, 0xBB, 0xBF], [0x0D], [0x1E], [0xFF], [0xC3], [0x09], [0x20, 0x20], [0x7F],
    Array("\u{2028}".utf8), Array("é".utf8), Array("//".utf8), Array("/* */".utf8),
  ]
}
