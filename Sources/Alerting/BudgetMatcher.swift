import Billing
import Insights

/// Decides which cells a budget counts. Patterns are compiled once, answers remembered.
final class BudgetMatcher {
  private struct Condition {
    var label: KeyPath<Cell, Label>
    var patterns: [Glob]
  }

  private let conditions: [Condition]
  private let history: any UsageHistory
  private var answers: [CellID: Cell?] = [:]

  init(_ match: Budget.Match, in history: any UsageHistory) {
    self.history = history
    let lists: [(KeyPath<Cell, Label>, [String])] = [
      (\.gateway, match.gateway), (\.provider, match.provider), (\.billedModel, match.model),
      (\.team, match.team), (\.key, match.key), (\.project, match.project),
    ]
    conditions = lists.filter { !$0.1.isEmpty }
      .map { Condition(label: $0.0, patterns: $0.1.map(Glob.init)) }
  }

  /// The cell, when the budget counts it.
  func cell(_ id: CellID) -> Cell? {
    if let answer = answers[id] { return answer }
    let cell = history.cells[id]
    let isMatch = conditions.allSatisfy { condition in
      let text = history.labels.text(cell[keyPath: condition.label])
      let names = condition.label == \.billedModel ? [text, ModelName.canonical(text)] : [text]
      return names.contains { name in condition.patterns.contains { $0.matches(name) } }
    }
    answers[id] = .some(isMatch ? cell : nil)
    return isMatch ? cell : nil
  }
}
