import Billing
import Testing

@testable import Insights

/// Routes from traces. Models are named by one letter; `a` and `A` are one model.
@Suite struct RouteInferenceTests {
  /// `time trace model outcome`, one attempt a line; keys count up from 1.
  private static func attempts(_ text: String, _ labels: LabelTable) -> [Attempt] {
    text.split(separator: "\n").enumerated().compactMap { index, line in
      let parts = line.split(separator: " ").map(String.init)
      guard parts.count == 4, let seconds = Int64(parts[0]), let trace = UInt64(parts[1]) else {
        return nil
      }
      let outcome: Attempt.Outcome =
        parts[3] == "ok" ? .success : .failure(ErrorClass(name: parts[3]) ?? .other)
      return Attempt(
        key: RecordKey(high: UInt64(index + 1), low: 0),
        time: Timestamp(microseconds: seconds * 1_000_000), trace: trace,
        cell: CellID(index: 0), gateway: .none, requestModel: .none, model: labels.intern(parts[2]),
        isModelAsked: false, outcome: outcome,
        isBilledKnown: true, measures: Measures())
    }
  }

  private static func resolve(_ attempts: [Attempt], _ labels: LabelTable) -> [String] {
    let inference = RouteInference(
      isSameModel: { labels.text($0).lowercased() == labels.text($1).lowercased() },
      precedes: { TextOrder.precedes(labels.text($0.model), labels.text($1.model)) })
    return inference.resolve(attempts).sorted { $0.key.key < $1.key.key }.map { id, route in
      "\(id.key.high) \(route.route.name) \(labels.text(route.first.model)) "
        + (route.last.errorClass?.name ?? "")
    }
  }

  static let cases: [(name: String, attempts: String, routes: [String])] = [
    ("one failure, another model", "0 1 a rate_limit\n1 1 b ok", ["2 fallback a rate_limit"]),
    (
      "the last of two failures", "0 1 a rate_limit\n5 1 a timeout\n9 1 b ok",
      ["3 fallback a timeout"]
    ),
    (
      "the model that was asked first", "0 1 a server\n5 1 b timeout\n9 1 b ok",
      ["3 fallback a timeout"]
    ),
    ("back on the first model", "0 1 a server\n5 1 b timeout\n9 1 a ok", ["3 retry a timeout"]),
    ("a chain", "0 1 a server\n5 1 b timeout\n9 1 c ok", ["3 fallback a timeout"]),
    ("the same model", "0 1 a rate_limit\n1 1 a ok", ["2 retry a rate_limit"]),
    ("another spelling", "0 1 a rate_limit\n1 1 A ok", ["2 retry a rate_limit"]),
    ("another trace", "0 1 a rate_limit\n1 2 b ok", []),
    ("at 120 s", "0 1 a rate_limit\n120 1 b ok", ["2 fallback a rate_limit"]),
    ("beyond 120 s", "0 1 a rate_limit\n121 1 b ok", []),
    ("success before failure", "0 1 b ok\n1 1 a rate_limit", []),
    ("at one instant", "5 1 b ok\n5 1 a rate_limit", ["1 fallback a rate_limit"]),
    ("ties by model", "5 1 c server\n5 1 a timeout\n6 1 b ok", ["3 fallback a server"]),
    (
      "a failure explains one success", "0 1 a rate_limit\n1 1 b ok\n2 1 b ok",
      ["2 fallback a rate_limit"]
    ),
    ("a refusal", "0 1 a content_policy\n1 1 b ok", ["2 fallback a content_policy"]),
  ]

  @Test(arguments: cases)
  func `a success after a failure`(_ name: String, _ text: String, _ routes: [String]) {
    let labels = LabelTable()
    #expect(Self.resolve(Self.attempts(text, labels), labels) == routes, "\(name)")
  }

  @Test func `the order of the input does not matter`() {
    let labels = LabelTable()
    let attempts = Self.attempts(
      "0 1 a server\n0 1 c timeout\n4 1 b ok\n4 2 a server\n5 2 b ok", labels)
    let expected = Self.resolve(attempts, labels)
    #expect(expected.count == 2)
    for order in permutations(attempts) { #expect(Self.resolve(order, labels) == expected) }
  }
}

/// All orders of a short array.
func permutations<Element>(_ elements: [Element]) -> [[Element]] {
  guard let last = elements.last else { return [[]] }
  return permutations(elements.dropLast()).flatMap { order in
    (0...order.count).map { index in
      var order = order
      order.insert(last, at: index)
      return order
    }
  }
}
