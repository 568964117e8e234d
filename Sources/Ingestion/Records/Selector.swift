import CSimdjson

/// The values of a record that somebody wants, as a tree of keys with a slot for each.
///
/// Built once from paths, then shared by all workers: nothing changes it after `seal()`.
@safe
final class Selector: @unchecked Sendable {
  fileprivate let handle: OpaquePointer
  private(set) var slotCount = 0
  /// Where its slots stand among those of a worker.
  let region: SlotRegion
  private var slots: [Path: Int] = [:]
  private let keyed: [Dialect.KeyedList]

  /// - Parameters:
  ///   - region: which slots its values arrive in.
  ///   - keyed: lists that are read as objects.
  init(_ region: SlotRegion = .record, keyed: [Dialect.KeyedList] = [], isLoose: Bool = false) {
    unsafe handle = tb_selector_create()
    self.region = region
    self.keyed = keyed
    if isLoose { unsafe tb_selector_set_loose(handle) }
  }

  deinit { unsafe tb_selector_destroy(handle) }

  /// The slot in which the value at a path arrives; the same path gets the same slot.
  func slot(for path: Path) -> Int {
    let path = Path(steps: path.steps)
    if let slot = slots[path] { return slot }
    let slot = region.start + slotCount
    slotCount += 1
    slots[path] = slot
    unsafe tb_selector_add_slot(handle, node(for: path), UInt32(slot - region.start))
    return slot
  }

  /// A string at this path that holds JSON is read as if it stood there unquoted.
  func embed(_ path: Path) { unsafe tb_selector_set_embedded(handle, node(for: path)) }

  /// Any field may stand in the object at this path.
  func addContainer(_ path: Path) {
    unsafe tb_selector_set_container(handle, node(for: path))
  }

  /// Has the walk answer the questions by which dialects are recognised: the same ones with the same
  /// answers, whatever else it takes.
  func ask(_ detection: DetectionTable) {
    for (bit, question) in detection.questions.enumerated() { add(question, bit: bit) }
  }

  /// Has the walk answer a question with a bit.
  private func add(_ question: DetectionTable.Question, bit: Int) {
    let (test, text, bound) = question.test.parts
    let bytes = Array(text.utf8) + [0]
    unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe tb_selector_add_test(
        handle, node(at: question.path.steps), UInt32(bit), test, buffer.baseAddress,
        buffer.count - 1, bound)
    }
  }

  /// Ends building; to be called once, before the first walk.
  func seal() { unsafe tb_selector_seal(handle) }

  private func node(for path: Path) -> UInt32 {
    node(at: Dialect.KeyedList.spelledOut(path.steps, keyed))
  }

  private func node(at steps: [Path.Step]) -> UInt32 {
    var node: UInt32 = 0
    for step in steps {
      switch step {
      case .key(let name):
        node = unsafe Self.padded(name).withUnsafeBufferPointer { buffer in
          unsafe tb_selector_key(handle, node, buffer.baseAddress, name.utf8.count)
        }
      case .element(let index):
        node = unsafe tb_selector_element(handle, node, Int32(index))
      case .filter(let name, let text):
        node = unsafe Self.padded(name).withUnsafeBufferPointer { key in
          unsafe Self.padded(text).withUnsafeBufferPointer { literal in
            unsafe tb_selector_filter(
              handle, node, key.baseAddress, name.utf8.count, literal.baseAddress,
              text.utf8.count)
          }
        }
      case .any, .all: node = unsafe tb_selector_any(handle, node)
      }
    }
    return node
  }

  /// The C side reads a word of eight bytes.
  private static func padded(_ text: String) -> [UInt8] {
    Array(text.utf8) + Array(repeating: 0, count: 8)
  }

  /// The C tree, for a walk.
  var tree: OpaquePointer { unsafe handle }
}

/// The slots of one record in a worker's memory: those of the record, of an element of it, and of an
/// object in a list of either. A record that stands in an envelope has slots of its own.
enum SlotRegion: Int, CaseIterable, Sendable {
  case record, element, object

  static let size = 512

  var start: Int { rawValue * Self.size }

  /// The slots of one level of envelopes.
  static let levelSize = size * allCases.count
}

extension DetectionTable.Test {
  fileprivate var parts: (tb_test, String, Int64) {
    switch self {
    case .exists: (TB_IS_THERE, "", 0)
    case .isPresent: (TB_IS_PRESENT, "", 0)
    case .isObject: (TB_IS_OBJECT, "", 0)
    case .isList: (TB_IS_LIST, "", 0)
    case .isText: (TB_IS_TEXT, "", 0)
    case .isNumber: (TB_IS_NUMBER, "", 0)
    case .isWritten(let text): (TB_IS_WRITTEN, text, 0)
    case .hasPrefix(let text): (TB_HAS_PREFIX, text, 0)
    case .hasSuffix(let text): (TB_HAS_SUFFIX, text, 0)
    case .isAtLeast(let bound): (TB_AT_LEAST, "", bound)
    }
  }
}
