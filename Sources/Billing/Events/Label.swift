import Synchronization

/// A short text of few values (a model, a team, a gateway), interned to a number.
///
/// Equal labels of one `LabelTable` have equal bytes: NFC and NFD spellings stay apart. The number
/// depends on the order of arrival, so nothing that is printed or stored may depend on it.
public struct Label: Sendable, Hashable {
  public var index: UInt32

  public init(index: UInt32) { self.index = index }

  /// No text: the log does not say.
  public static let none = Label(index: 0)

  public var isNone: Bool { index == 0 }
}

/// The texts behind labels, shared by all workers of a run.
///
/// - Complexity: `intern` and `text` are O(length) under a lock; hot paths keep a cache before it.
public final class LabelTable: Sendable {
  private struct State {
    var indices: [[UInt8]: UInt32] = [[]: 0]
    var texts: [String] = [""]
  }

  private let state = Mutex(State())

  public init() {}

  /// The number of distinct labels, the empty one included.
  public var count: Int { state.withLock { $0.texts.count } }

  /// The label for a text; the empty text is `Label.none`.
  ///
  /// - Parameter bytes: UTF-8; malformed bytes are replaced in the text, not in the identity.
  public func intern(_ bytes: [UInt8]) -> Label {
    state.withLock { state in
      if let index = state.indices[bytes] { return Label(index: index) }
      let index = UInt32(state.texts.count)
      state.indices[bytes] = index
      state.texts.append(String(decoding: bytes, as: UTF8.self))
      return Label(index: index)
    }
  }

  /// The label for a text; the empty text is `Label.none`.
  public func intern(_ text: String) -> Label { intern(Array(text.utf8)) }

  /// The text of a label; empty for `Label.none`.
  public func text(_ label: Label) -> String {
    state.withLock { $0.texts[Int(label.index)] }
  }

  /// The texts from an index on: for a reader that knows those before it.
  public func texts(from index: Int) -> [String] {
    state.withLock { Array($0.texts[min(index, $0.texts.count)...]) }
  }

  /// All texts, by index: for a reader that resolves many labels at once.
  public var snapshot: [String] { state.withLock { $0.texts } }
}
