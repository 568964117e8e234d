import Ingestion

/// A log that is damaged, with what its lines give when they are whole.
public struct DamageSubject: Sendable {
  public var name: String
  /// Without line ends; blank lines are left out.
  var lines: [[UInt8]]
  var trees: [JSONTree?]
  /// The printed events of each line.
  var events: [[[UInt8]]]
  /// A line may mean something else behind other lines.
  var carries: Bool
  /// Its records are not lines of JSON.
  var isFramed: Bool

  /// - Throws: what the reader throws.
  public init(name: String, _ text: [UInt8], _ reader: LogReader) throws {
    let lines = text.split(separator: UInt8(ascii: "\n")).map { Array($0) }
      .filter { !$0.allSatisfy { $0 == UInt8(ascii: " ") } }
    let reading = try reader.read(Array(lines.joined(separator: [UInt8(ascii: "\n")])))
    self.name = name
    self.lines = lines
    trees = lines.map { JSONTree($0) }
    events = lines.indices.map { reading.events(ofLine: $0) }
    isFramed = reading.isFramed
    carries = reading.linesOfDialect.keys.contains { Self.carries(reader.set.dialects[$0].name) }
  }

  private static func carries(_ dialect: String) -> Bool {
    let text = BuiltInDialects.text(named: dialect) ?? ""
    return text.split(separator: "\n").contains {
      $0.hasPrefix("carry:") || $0.hasPrefix("running:")
    }
  }

  /// A line of damaged text, and what was done to it.
  func damaged(
    _ line: Int, _ numbers: inout RandomNumbers
  ) -> (bytes: [UInt8], damage: String, movesText: Bool) {
    var names: [String] = []
    var movesText = false
    var bytes = lines[line]
    if var tree = trees[line], !numbers.isOne(in: 4) {
      for _ in 0..<numbers.element(of: [1, 1, 1, 2, 3]) {
        let damage = numbers.element(of: TreeDamage.allCases)
        guard damage.apply(to: &tree, &numbers) else { continue }
        names.append(damage.rawValue)
        movesText = movesText || damage.movesText
      }
      bytes = tree.bytes
    }
    if names.isEmpty || numbers.isOne(in: 8) {
      let damage = numbers.element(of: ByteDamage.allCases)
      damage.apply(to: &bytes, &numbers)
      names.append(damage.rawValue)
      movesText = movesText || damage.movesText
    }
    bytes.removeAll { $0 == UInt8(ascii: "\n") }
    return (bytes, names.joined(separator: "+"), movesText)
  }
}
