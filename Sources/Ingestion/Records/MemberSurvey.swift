import Billing
import CSimdjson

/// A member of records that looks like usage and that a dialect reads nowhere.
public struct UnreadMember: Sendable, Hashable {
  /// As a dialect could name it.
  public var path: String
  /// The text with JSON in which it stands, when the dialect does not open it.
  public var text: String?
  /// Lines in which it is a number other than 0.
  public var lines: Int64
}

/// Walks all members of records and keeps the names of those that look like usage and that no path of
/// a dialect reads. Values are looked at to tell numbers from texts, and never kept.
final class MemberSurvey {
  /// A path of the dialect, and how much of it the present place has matched.
  private struct State {
    var place: Int
    var position: Int
  }

  /// Where the walk stands.
  private struct Place {
    var steps: [Path.Step] = []
    var names: [String] = []
    var states: [State]
    /// The dialect takes the list in which it stands.
    var isTaken = false
    /// In this text, which the dialect does not open.
    var text: String?
  }

  private struct Key: Hashable {
    var path: String
    var text: String?
  }

  private let places: [(steps: [Path.Step], use: ReadPlaces.Use)]
  /// A loose dialect finds these names anywhere.
  private let looseNames: Set<String>
  /// The dialect reads lists of attributes as objects.
  private let usesKeyed: Bool
  private let opener: LineOpener
  private var linesOf: [Key: Int64] = [:]
  private var ofLine: Set<Key> = []
  private var openedTexts = 0

  private static let depthLimit = 32
  private static let pathLimit = 2000
  private static let elementLimit = 1000
  private static let textLimit = 32

  /// Members that hold what people and models say: not looked into unless the dialect does.
  private static let contents: Set<String> = [
    "messages", "tools", "contents", "tool_calls", "function_call", "arguments", "parts", "content",
    "prompt", "prompts", "logprobs", "embedding", "embeddings", "system", "text",
  ]
  /// Members that may be such a text.
  private static let contentTexts: Set<String> = ["input", "output", "choices", "candidates"]

  init(_ dialect: Dialect, _ opener: LineOpener) {
    self.opener = opener
    places = ReadPlaces(dialect).places
    usesKeyed = dialect.keyed.contains(where: \.isWrapped)
    var names: Set<String> = []
    if dialect.isLoose {
      for place in places {
        if case .key(let name) = place.steps.last { names.insert(Self.loose(name)) }
      }
    }
    looseNames = names
  }

  var unread: [UnreadMember] {
    linesOf.map { UnreadMember(path: $0.key.path, text: $0.key.text, lines: $0.value) }
      .sorted { left, right in
        left.lines == right.lines
          ? (left.text ?? "", left.path) < (right.text ?? "", right.path) : left.lines > right.lines
      }
  }

  func beginLine() {
    ofLine.removeAll(keepingCapacity: true)
    openedTexts = 0
  }

  func endLine() {
    for key in ofLine where linesOf[key] != nil || linesOf.count < Self.pathLimit {
      linesOf[key, default: 0] += 1
    }
  }

  func look(at record: RecordValue) {
    visit(record, Place(states: places.indices.map { State(place: $0, position: 0) }))
  }

  // MARK: The walk

  private func visit(_ value: RecordValue, _ place: Place) {
    guard place.steps.count < Self.depthLimit, !isComplete(place, .records) else { return }
    switch value.kind {
    case TB_OBJECT: visitMembers(of: value, place)
    case TB_ARRAY: visitElements(of: value, place)
    case TB_NUMBER: note(value, place)
    case TB_STRING, TB_ESCAPED: visitText(value, place)
    default: break
    }
  }

  private func visitMembers(of object: RecordValue, _ place: Place) {
    for (index, member) in opener.walker.members(of: object).enumerated() {
      let name = Credential.shownKey(opener.text(of: member.key))
      var inner = place
      inner.isTaken = false
      inner.steps.append(.key(name))
      inner.names.append(name)
      inner.states = advance(place.states) { step in
        switch step {
        case .key(let key): key == name
        case .any: index == 0
        case .all: true
        default: false
        }
      }
      if inner.states.isEmpty, isContent(name, member.value) { continue }
      visit(member.value, inner)
    }
  }

  private func isContent(_ name: String, _ value: RecordValue) -> Bool {
    if value.kind == TB_NUMBER { return false }
    return Self.contents.contains(name) || value.isText && Self.contentTexts.contains(name)
  }

  private func visitElements(of list: RecordValue, _ place: Place) {
    let elements = opener.walker.elements(of: list, limit: Self.elementLimit)
    let isTaken = isComplete(place, .value)
    for (index, element) in elements.enumerated() {
      var inner = place
      inner.isTaken = isTaken
      let entry = entry(element)
      inner.states = advance(place.states) { step in
        switch step {
        case .element(let wanted): wanted == index || wanted == -1 && index == elements.count - 1
        case .all: true
        // A list of which some objects are taken by name is known: the others were left on purpose.
        case .filter(let name, let text): entry == nil || member(name, of: element) == text
        default: false
        }
      }
      if let entry {
        inner.steps.append(.filter(name: "key", text: entry))
        inner.names.append(entry)
      } else {
        inner.steps.append(.all)
      }
      visit(element, inner)
    }
  }

  private func visitText(_ text: RecordValue, _ place: Place) {
    let number: ExactDecimal? = text.fixedPoint()
    if number != nil { return note(text, place) }
    guard openedTexts < Self.textLimit, let json = opener.json(in: text) else { return }
    openedTexts += 1
    var inner = place
    if !isComplete(place, .embedded) {
      inner.states = []
      inner.text = inner.text ?? Path(steps: place.steps).description
    }
    visit(json, inner)
  }

  /// The name of an attribute: `{key: name, value: {…Value: …}}`.
  private func entry(_ element: RecordValue) -> String? {
    let members = opener.walker.members(of: element)
    guard members.count == 2, members.contains(where: { $0.key.equals("value") }) else {
      return nil
    }
    return member("key", of: element)
  }

  private func member(_ name: String, of element: RecordValue) -> String? {
    opener.walker.members(of: element)
      .first { $0.value.isText && opener.text(of: $0.key) == name }
      .map { opener.text(of: $0.value) }
  }

  private func note(_ value: RecordValue, _ place: Place) {
    guard !place.isTaken, !isComplete(place, .value), let name = place.names.last,
      !looseNames.contains(Self.loose(name)), let number: ExactDecimal = value.fixedPoint(),
      number != .zero
    else { return }
    let (steps, names) = shown(place)
    switch UsageName.verdict(names) {
    case .other: return
    case .duration where number >= ExactDecimal(1_000_000_000): return
    default: ofLine.insert(Key(path: Path(steps: steps).description, text: place.text))
    }
  }

  /// The path as the dialect could write it. The name of an attribute stands above `value` and the
  /// name of its type.
  private func shown(_ place: Place) -> (steps: [Path.Step], names: [String]) {
    guard
      let entry = place.steps.lastIndex(where: {
        if case .filter = $0 { true } else { false }
      }), case .filter(_, let name) = place.steps[entry]
    else { return (place.steps, place.names) }
    let rest = place.steps[(entry + 1)...]
    guard rest.first == .key("value"), rest.count <= 2 else { return (place.steps, place.names) }
    let names = Array(place.names.dropLast(rest.count))
    if usesKeyed { return (place.steps[..<entry] + [.key(name)], names) }
    return (place.steps[...(entry + 1)] + (rest.count == 2 ? [.any] : []), names)
  }

  // MARK: Matching

  private func advance(_ states: [State], _ matches: (Path.Step) -> Bool) -> [State] {
    states.compactMap { state in
      let steps = places[state.place].steps
      guard state.position < steps.count, matches(steps[state.position]) else { return nil }
      return State(place: state.place, position: state.position + 1)
    }
  }

  private func isComplete(_ place: Place, _ use: ReadPlaces.Use) -> Bool {
    place.states.contains {
      places[$0.place].use == use && places[$0.place].steps.count == $0.position
    }
  }

  private static func loose(_ name: String) -> String {
    name.lowercased().filter { !"_-. ".contains($0) }
  }
}
