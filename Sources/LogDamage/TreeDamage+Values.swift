/// Damage to one value.
extension TreeDamage {
  /// A number, text, object, list, word or null in the place of one another, made of it where that
  /// is possible.
  static func changeType(_ tree: inout JSONTree, _ numbers: inout RandomNumbers) {
    let written = tree.bytes
    switch numbers.below(8) {
    case 0: tree = .list([tree])
    case 1: tree = .object([.init(key: Array("\"x\"".utf8), value: tree)])
    case 2: tree = .literal(QuotedJSON.quote(written))
    case 3: tree = .literal(numbers.element(of: ["true", "false"]))
    case 4: tree = .literal("null")
    case 5: tree = .literal("\(numbers.below(100_000))")
    case 6: tree = .literal(numbers.element(of: ["{}", "[]", "[{}]", "[[]]", "{\"\":{}}"]))
    default:
      tree = tree.isText ? .literal(Array(written.dropFirst().dropLast())) : .list([tree, tree])
    }
  }

  /// The same, or nearly the same, written in another way.
  static func respell(_ tree: inout JSONTree, _ numbers: inout RandomNumbers) {
    guard case .literal(let bytes) = tree else { return }
    if tree.isText {
      // A character as an escape.
      guard bytes.count > 2 else { return }
      let place = 1 + numbers.below(bytes.count - 2)
      let byte = bytes[place]
      guard byte < 0x80, byte != UInt8(ascii: "\\"), bytes[place - 1] != UInt8(ascii: "\\") else {
        return
      }
      let digits = String(byte, radix: 16)
      let escape = Array("\\u00\(digits.utf8.count == 1 ? "0" : "")\(digits)".utf8)
      tree = .literal(bytes[..<place] + escape + bytes[(place + 1)...])
      return
    }
    let tails = ["0", "e0", "e1", "E+2", ".0", ".", "e-1", "e", "e99999999999999999999"]
    tree = .literal(bytes + Array(numbers.element(of: tails).utf8))
  }

  /// Around the limit of depth, and far beyond it.
  static func nest(_ tree: inout JSONTree, _ numbers: inout RandomNumbers) {
    let depth = numbers.element(of: [3, 64, 500, 510, 511, 512, 513, 2000, 20_000])
    let (open, close) = numbers.element(of: [("[", "]"), ("{\"a\":", "}"), ("[{\"id\":", "}]")])
    let count = numbers.isOne(in: 8) ? depth / 2 : depth
    tree = .literal(
      Array(String(repeating: open, count: depth).utf8) + tree.bytes
        + Array(String(repeating: close, count: count).utf8))
  }

  static func longText(_ numbers: inout RandomNumbers) -> [UInt8] {
    let units = [
      "x", "é", "𝄞", "\\n", "\\u00e9", "\\ud834\\udd1e", "\\\\", "a:", "1", "{\\\"a\\\":",
    ]
    let unit = numbers.element(of: units)
    // Labels are cut at 256 bytes: from 1 below, so that characters stand across the cut.
    let count = numbers.element(of: [85, 127, 128, 255, 256, 257, 4096, 40_000])
    let lead = String(repeating: "y", count: numbers.below(4))
    return Array(("\"" + lead + String(repeating: unit, count: count) + "\"").utf8)
  }

  /// Bytes that are not UTF-8, and escapes that are not of JSON.
  static func spoilText(_ tree: inout JSONTree, _ numbers: inout RandomNumbers) {
    guard case .literal(let bytes) = tree, bytes.count >= 2 else { return }
    let pieces: [[UInt8]] = [
      [0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC0, 0x80], [0xED, 0xA0, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0x00], [0x01], [0x7F], [0x1F], Array("\\ud800".utf8),
      Array("\\udc00\\ud800".utf8), Array("\\u0000".utf8), Array("\\u12".utf8), Array("\\x41".utf8),
      Array("\\".utf8), Array("\"".utf8), Array("\u{2028}".utf8), Array("\u{FEFF}".utf8),
      Array("\\u001f".utf8), Array("\u{1F}".utf8), Array("\u{85}".utf8), Array("\u{202E}".utf8),
    ]
    let place = 1 + numbers.below(bytes.count - 1)
    tree = .literal(bytes[..<place] + numbers.element(of: pieces) + bytes[place...])
  }

  /// An object or list that holds its first child many times.
  static func multiply(_ tree: inout JSONTree, _ numbers: inout RandomNumbers) {
    let count = numbers.element(of: [2, 3, 17, 65, 70, 300])
    switch tree {
    case .literal: return
    case .list(let elements):
      // Lists of whole prompts would only be slow.
      guard let first = elements.first, first.bytes.count < 4000 else { return }
      tree = .list(elements + Array(repeating: first, count: count))
    case .object(let members):
      guard let first = members.first, first.value.bytes.count < 4000 else { return }
      let more = (0..<count).map { number in
        JSONTree.Member(key: Array("\"k\(number)\"".utf8), value: first.value)
      }
      tree = .object(members + more)
    }
  }

  /// Damages JSON that stands in a text.
  static func damageQuoted(in tree: inout JSONTree, _ numbers: inout RandomNumbers) -> Bool {
    var isDone = false
    let found = tree.changeOne(where: isQuoted, &numbers) { tree, numbers in
      guard case .literal(let bytes) = tree, var inner = QuotedJSON.tree(in: bytes) else { return }
      let damage = numbers.element(of: allCases.filter { $0 != .unquote && !$0.movesText })
      isDone = damage.apply(to: &inner, &numbers)
      tree = numbers.isOne(in: 4) ? inner : .literal(QuotedJSON.quote(inner.bytes))
    }
    return found && isDone
  }

  private static func isQuoted(_ tree: JSONTree) -> Bool {
    if case .literal(let bytes) = tree { QuotedJSON.tree(in: bytes) != nil } else { false }
  }
}
