import Billing
import Synchronization

/// Which spellings name one model: `gpt-4o`, `openai/gpt-4o` and `gpt-4o-2024-08-06` may.
///
/// The comparison belongs to the price book; this remembers its answers by label.
final class ModelIdentity: Sendable {
  private struct State {
    var classes: [Label: Label] = [:]
    var representatives: [(label: Label, text: String)] = []
  }

  private let labels: LabelTable
  let isSameName: @Sendable (String, String) -> Bool
  private let state = Mutex(State())

  init(_ labels: LabelTable, _ isSameName: @escaping @Sendable (String, String) -> Bool) {
    self.labels = labels
    self.isSameName = isSameName
  }

  /// Both name one model.
  func isSame(_ left: Label, _ right: Label) -> Bool {
    left == right || (!left.isNone && !right.isNone && group(of: left) == group(of: right))
  }

  /// The label that stands for all spellings of a model. Which one it is depends on the order of
  /// arrival: it serves to join, never to print.
  func group(of label: Label) -> Label {
    state.withLock { state in
      if let known = state.classes[label] { return known }
      let text = labels.text(label)
      let found = state.representatives.first { isSameName($0.text, text) }?.label
      if found == nil { state.representatives.append((label, text)) }
      state.classes[label] = found ?? label
      return found ?? label
    }
  }
}
