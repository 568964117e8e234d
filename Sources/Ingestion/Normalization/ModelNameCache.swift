import Billing

/// One worker's memory of what is known about model names, by label.
final class ModelNameCache {
  private struct Pair: Hashable {
    var first: Label
    var second: Label
  }

  private let labels: LabelTable
  private var routers = LabelMemory<Bool>()
  private var same: [Pair: Bool] = [:]

  init(labels: LabelTable) { self.labels = labels }

  /// The name stands for a router that chooses the model.
  func isRouterAlias(_ name: Label) -> Bool {
    if name.isNone { return false }
    if let known = routers[name] { return known }
    let answer = ModelName.isRouterAlias(labels.text(name))
    routers[name] = answer
    return answer
  }

  /// Two names of one model, after all that `ModelName` takes away.
  func isSame(_ first: Label, _ second: Label) -> Bool {
    if first == second { return true }
    let pair = Pair(first: first, second: second)
    if let known = same[pair] { return known }
    let answer = ModelName.isSameModel(labels.text(first), labels.text(second))
    same[pair] = answer
    return answer
  }
}
