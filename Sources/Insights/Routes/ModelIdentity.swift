import Billing
import Synchronization

/// Which spellings name one model: `gpt-4o`, `openai/gpt-4o` and `gpt-4o-2024-08-06` may.
///
/// The comparison belongs to the price book; this remembers its answers by label. It is not an
/// equivalence: an alias is the same as each of its snapshots, and two snapshots are two models. So
/// names are always compared in pairs, never put into groups.
final class ModelIdentity: Sendable {
  private struct Pair: Hashable {
    var left: Label
    var right: Label
  }

  let isSameName: @Sendable (String, String) -> Bool
  private let labels: LabelTable
  private let answers = Mutex<[Pair: Bool]>([:])

  init(_ labels: LabelTable, _ isSameName: @escaping @Sendable (String, String) -> Bool) {
    self.labels = labels
    self.isSameName = isSameName
  }

  /// Both name one model. No name is the same as nothing else.
  func isSame(_ left: Label, _ right: Label) -> Bool {
    if left == right { return true }
    if left.isNone || right.isNone { return false }
    return answers.withLock { answers in
      let pair = Pair(left: left, right: right)
      if let known = answers[pair] { return known }
      let answer = isSameName(labels.text(left), labels.text(right))
      answers[pair] = answer
      return answer
    }
  }
}
