/// Damage that leaves a record JSON, or nearly.
public enum TreeDamage: String, CaseIterable, Sendable {
  case drop, double, doubleWithOther, changeType, number, spelling, empty, nest, longText, badText
  case shuffle, multiply, quote, unquote, swap, rename, elements

  /// Texts come to stand at other keys, or at other places of lists: what was a prompt may become a
  /// model.
  public var movesText: Bool { [.swap, .rename, .elements].contains(self) }

  /// Does it to one place of the record.
  ///
  /// - Returns: whether the record has such a place.
  public func apply(to tree: inout JSONTree, _ numbers: inout RandomNumbers) -> Bool {
    switch self {
    case .drop, .double, .doubleWithOther, .shuffle, .swap, .rename:
      return tree.changeOne(where: { $0.hasChildren && !$0.isList }, &numbers) { tree, numbers in
        guard case .object(var members) = tree else { return }
        change(&members, &numbers)
        tree = .object(members)
      }
    case .elements:
      return tree.changeOne(where: { $0.hasChildren && $0.isList }, &numbers, Self.changeElements)
    case .multiply:
      return tree.changeOne(where: \.hasChildren, &numbers, Self.multiply)
    case .changeType:
      return tree.changeOne(where: { _ in true }, &numbers, Self.changeType)
    case .number:
      return tree.changeOne(where: \.isLiteral, &numbers) { tree, numbers in
        tree = .literal(numbers.element(of: Self.numbers))
      }
    case .spelling:
      return tree.changeOne(where: \.isLiteral, &numbers, Self.respell)
    case .empty:
      return tree.changeOne(where: { _ in true }, &numbers) { tree, numbers in
        tree = .literal(numbers.element(of: ["{}", "[]", "\"\"", "null", "\"-\"", "\"None\""]))
      }
    case .nest: return tree.changeOne(where: { _ in true }, &numbers, Self.nest)
    case .longText:
      return tree.changeOne(where: \.isLiteral, &numbers) { tree, numbers in
        tree = .literal(Self.longText(&numbers))
      }
    case .badText:
      return tree.changeOne(where: \.isText, &numbers, Self.spoilText)
    case .quote:
      return tree.changeOne(where: { !$0.isLiteral }, &numbers) { tree, _ in
        tree = .literal(QuotedJSON.quote(tree.bytes))
      }
    case .unquote: return Self.damageQuoted(in: &tree, &numbers)
    }
  }

  /// Numbers that are no counts, and those at the edges of counts, integers and decimals.
  static let numbers = [
    "10000000000000000000", "1e400", "-1", "0.5", "\"NaN\"", "NaN", "-0", "1e-400", "1E9", "1.0",
    "1234567890123456789012345678901234567890", "0.1234567890123456789012345678901234567890",
    "1099511627776", "1099511627777", "549755813888", "9223372036854775807",
    "-9223372036854775808", "18446744073709551616", "170141183460469231731687303715884105727",
    "-170141183460469231731687303715884105728", "1e38", "-1e38", "1e14", "1e-24", "1e-25",
    "\"1e3\"", "\"12\"", "\"-12\"", "\"0x10\"", "\" 12\"", "\"1_000\"", "\"1,000\"", "\"Infinity\"",
    "\"12.000000000000000000\"", "\"٣\"", "007", "1.", ".5", "+1", "2147483648", "4294967296",
    "253402300799", "4102444800", "4102444801", "1262303999", "638900000000000000",
    "3155378975999999999", "\"9999-12-31T23:59:59.999999999Z\"", "\"0000-00-00T00:00:00Z\"",
    "\"2026-02-30 25:61:61+99:99\"", "\"2026-10-01T00:00:00.1234567890123456789-23:59\"",
    "true", "false", "null", "0", "1", "9999999999999999999999e-20",
  ]

  /// Drops an element, doubles one, or changes their order.
  private static func changeElements(_ tree: inout JSONTree, _ numbers: inout RandomNumbers) {
    guard case .list(var elements) = tree else { return }
    let place = numbers.below(elements.count)
    switch numbers.below(3) {
    case 0: elements.remove(at: place)
    case 1: elements.insert(elements[place], at: numbers.below(elements.count))
    default: elements.swapAt(place, numbers.below(elements.count))
    }
    tree = .list(elements)
  }

  private func change(_ members: inout [JSONTree.Member], _ numbers: inout RandomNumbers) {
    let place = numbers.below(members.count)
    let other = numbers.below(members.count)
    switch self {
    case .drop: members.remove(at: place)
    case .double: members.insert(members[place], at: other)
    case .doubleWithOther:
      var member = members[place]
      member.value = .literal(numbers.element(of: Self.numbers))
      members.insert(member, at: other)
    case .swap:
      let value = members[place].value
      members[place].value = members[other].value
      members[other].value = value
    case .rename: members[place].key = members[other].key
    default: members.swapAt(place, other)
    }
  }
}
