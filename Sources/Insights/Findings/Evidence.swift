public import Billing

/// A request that shows a finding, by what its line in the log can be found with.
///
/// The ledger's own keys would not do: they mean nothing outside it, and differ from ledger to
/// ledger.
public struct Evidence: Sendable, Hashable {
  public var time: Timestamp
  /// Empty when the log does not say.
  public var requestModel: String
  /// Empty when the log does not say.
  public var responseModel: String

  /// The order in which evidence stands: by time, then by the bytes of the models.
  static func precedes(_ left: Evidence, _ right: Evidence) -> Bool {
    if left.time != right.time { return left.time < right.time }
    return TextOrder.precedes(
      [left.requestModel, left.responseModel], [right.requestModel, right.responseModel])
  }
}

extension Evidence: CustomStringConvertible {
  /// `2026-10-14T10:00:04.000000Z gpt-mini → opus`; one model where only one is known or both are
  /// the same.
  public var description: String {
    var bytes: [UInt8] = []
    time.append(to: &bytes, alwaysMicroseconds: true)
    var models = [requestModel]
    if !TextOrder.isSame(requestModel, responseModel) { models.append(responseModel) }
    models.removeAll(where: \.isEmpty)
    let names = models.joined(separator: " → ")
    return String(decoding: bytes, as: UTF8.self) + (names.isEmpty ? "" : " " + names)
  }
}

/// The few requests that a finding shows: the first ones, whatever the order of arrival.
struct EvidenceSample: Sendable {
  static let limit = 5

  private(set) var requests: [Evidence] = []

  mutating func add(_ request: Evidence) {
    let index =
      requests.firstIndex { !Evidence.precedes($0, request) } ?? requests.endIndex
    if index < requests.endIndex, !Evidence.precedes(request, requests[index]) { return }
    requests.insert(request, at: index)
    if requests.count > Self.limit { requests.removeLast() }
  }

  mutating func add(
    _ time: Timestamp, _ requestModel: Label, _ responseModel: Label, _ labels: LabelTable
  ) {
    if requests.count == Self.limit, let last = requests.last, last.time < time { return }
    add(
      Evidence(
        time: time, requestModel: labels.text(requestModel),
        responseModel: labels.text(responseModel)))
  }

  mutating func add(_ fact: Fact, in cell: Cell, _ labels: LabelTable) {
    add(fact.time, cell.requestModel, cell.responseModel, labels)
  }
}
