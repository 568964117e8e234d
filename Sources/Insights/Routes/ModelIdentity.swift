import Billing
import Synchronization

/// Which spellings name one model: `gpt-4o`, `openai/gpt-4o` and `gpt-4o-2024-08-06` may.
///
/// The comparison belongs to the price book; this remembers its answers by label. It is not an
/// equivalence: an alias is the same as each of its snapshots, and two snapshots are two models. So
/// names are compared in pairs; only tables and series, which need groups, go by the canonical name.
final class ModelIdentity: Sendable {
  private struct Pair: Hashable {
    var left: Label
    var right: Label
  }

  let isSameName: @Sendable (String, String) -> Bool
  private let labels: LabelTable
  private let answers = Mutex<[Pair: Bool]>([:])
  private let names = Mutex<[Label: String]>([:])

  init(_ labels: LabelTable, _ isSameName: @escaping @Sendable (String, String) -> Bool) {
    self.labels = labels
    self.isSameName = isSameName
  }

  /// The shortest name of the model, which all gateways' spellings and all its snapshots share.
  func canonical(_ label: Label) -> String {
    names.withLock { names in
      if let known = names[label] { return known }
      let name = label.isNone ? "" : ModelName.canonical(labels.text(label))
      names[label] = name
      return name
    }
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
