/// A JSON value with its members in order and its literals as they are written, so that damage is
/// done to one place and all else stays as it was.
public indirect enum JSONTree: Sendable {
  /// A member of an object.
  public struct Member: Sendable {
    /// With its quotes.
    public var key: [UInt8]
    public var value: JSONTree
  }

  case object([Member])
  case list([JSONTree])
  /// A string with its quotes, a number or a word.
  case literal([UInt8])

  /// A literal of ASCII.
  static func literal(_ text: String) -> JSONTree { .literal(Array(text.utf8)) }

  /// A string literal.
  var isText: Bool {
    if case .literal(let bytes) = self { bytes.first == UInt8(ascii: "\"") } else { false }
  }

  /// A string, number or word.
  var isLiteral: Bool { if case .literal = self { true } else { false } }

  var isList: Bool { if case .list = self { true } else { false } }

  /// An object or list that is not empty.
  var hasChildren: Bool {
    switch self {
    case .object(let members): !members.isEmpty
    case .list(let elements): !elements.isEmpty
    case .literal: false
    }
  }

  // MARK: Writing

  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .literal(let literal): bytes += literal
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes += member.key
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    case .list(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        element.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    }
  }

  // MARK: Places

  /// How many values of the tree are such.
  func count(where isWanted: (JSONTree) -> Bool) -> Int {
    let own = isWanted(self) ? 1 : 0
    return switch self {
    case .object(let members): own + members.reduce(0) { $0 + $1.value.count(where: isWanted) }
    case .list(let elements): own + elements.reduce(0) { $0 + $1.count(where: isWanted) }
    case .literal: own
    }
  }

  /// Changes a value that is such, any with the same chance.
  ///
  /// - Returns: whether there is one.
  mutating func changeOne(
    where isWanted: (JSONTree) -> Bool, _ numbers: inout RandomNumbers,
    _ change: (inout JSONTree, inout RandomNumbers) -> Void
  ) -> Bool {
    let count = count(where: isWanted)
    guard count > 0 else { return false }
    var left = numbers.below(count)
    changeOne(&left, where: isWanted) { change(&$0, &numbers) }
    return true
  }

  private mutating func changeOne(
    _ left: inout Int, where isWanted: (JSONTree) -> Bool, _ change: (inout JSONTree) -> Void
  ) {
    if isWanted(self) {
      left -= 1
      if left < 0 { return change(&self) }
    }
    switch self {
    case .literal: return
    case .object(var members):
      for index in members.indices where left >= 0 {
        members[index].value.changeOne(&left, where: isWanted, change)
      }
      self = .object(members)
    case .list(var elements):
      for index in elements.indices where left >= 0 {
        elements[index].changeOne(&left, where: isWanted, change)
      }
      self = .list(elements)
    }
  }
}
