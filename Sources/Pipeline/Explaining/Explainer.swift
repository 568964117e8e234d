public import Billing
import Foundation
import Ledger
import Reporting

/// `tollbook explain`: how requests came to their charges.
public struct Explainer {
  /// How an explanation is written.
  public enum Form: Sendable { case text, json }

  private let pricer: BookPricer
  private let undated: Timestamp?

  /// - Parameter undated: the time of events that name none.
  public init(_ pricer: BookPricer, undated: Timestamp? = nil) {
    self.pricer = pricer
    self.undated = undated
  }

  /// Explains one usage event.
  ///
  /// - Parameters:
  ///   - line: the event as `normalize` prints it.
  ///   - place: where it stands, for the message.
  /// - Throws: `Failure`.
  public func explain(event line: [UInt8], at place: String, as form: Form) throws(Failure)
    -> String
  {
    let labels = LabelTable()
    var reader = UsageEventReader(labels: labels)
    do throws(EventLineError) {
      let event = try reader.event(line)
      let request = try explained(event, reader.batch, labels)
      return request.text(as: form)
    } catch {
      throw Failure(
        place, error.problem, "`tollbook normalize` makes events of logs.", .badData)
    }
  }

  /// Explains the usage events on standard input.
  ///
  /// - Throws: `Failure`, also when there is none.
  public func explainStandardInput(as form: Form) throws(Failure) -> [String] {
    let name = "(standard input)"
    let input = try Self.standardInput(name)
    var texts: [String] = []
    let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
      texts.append(try explain(event: Array(line), at: "\(name):\(index + 1)", as: form))
    }
    guard !texts.isEmpty else {
      throw Failure(
        name, "there is no usage event", "`tollbook normalize` makes events of logs.", .badData)
    }
    return texts
  }

  /// All of standard input: a few events, for each explanation is a page.
  private static func standardInput(_ name: String) throws(Failure) -> [UInt8] {
    let limit = 16 << 20
    guard let data = try? FileHandle.standardInput.read(upToCount: limit + 1) else { return [] }
    guard data.count <= limit else {
      throw Failure(
        name, "it is longer than 16 MiB", "Give only the events that are in question.", .badData)
    }
    return Array(data)
  }

  private func explained(_ event: UsageEvent, _ batch: EventBatch, _ labels: LabelTable)
    throws(EventLineError) -> ExplainedRequest
  {
    let subject = PricingSubject(event, labels)
    var usage = BillableUsage(event)
    let time = event.known.contains(.time) ? event.time : undated
    usage.time = time ?? usage.time
    var explanation = try explanation(subject, usage)
    if time == nil, explanation.line.status != .notBilled {
      explanation = Explanation(undated: explanation, reason: RejectionReason.noTime.name)
    }
    var reported: (Money, String)?
    if event.known.contains(.reportedCost) {
      let currency = labels.text(event.reportedCurrency)
      reported = (event.reportedCost, currency.isEmpty ? "USD" : currency)
    }
    return ExplainedRequest(
      id: String(decoding: batch.bytes(event.id), as: UTF8.self),
      requestModel: labels.text(event.requestModel),
      responseModel: labels.text(event.responseModel), time: time,
      subject: subject, usage: usage, explanation: explanation, reported: reported,
      priceBook: pricer.priceBook)
  }

  private func explanation(_ subject: PricingSubject, _ usage: BillableUsage)
    throws(EventLineError) -> Explanation
  {
    do throws(ArithmeticOverflow) {
      return try pricer.explain(subject, usage)
    } catch {
      throw EventLineError(problem: "the \(error.quantity) does not fit")
    }
  }

  /// Explains the requests of a ledger that have an id: one for each gateway that gave it.
  ///
  /// - Returns: a text for each, by time.
  /// - Throws: `LedgerError`, `Failure`, also when the ledger has no such request.
  public func explain(id: String, in path: String, as form: Form) throws -> [String] {
    let (labels, cells) = (LabelTable(), CellTable())
    let ledger = try Ledger.open(path: path)
    let history = try ledger.history(labels: labels, cells: cells)
    var hashes: [Label: Set<UInt64>] = [:]
    let keys = try ledger.sourceLabels().map(ledger.key.namespace)
    var found: [Fact] = []
    let bytes = Array(id.utf8)
    try history.forEachFact(in: LedgerHistory.allTime) { fact in
      let gateway = cells[fact.cell].gateway
      let known =
        hashes[gateway]
        ?? Set(
          keys.map {
            KeyedHasher(key: $0, sourceLabel: labels.text(gateway)).digest(bytes.span).recordKey
              .high
          })
      hashes[gateway] = known
      if known.contains(fact.key.high) { found.append(fact) }
    }
    guard !found.isEmpty else {
      let pruned = try history.notes().prunedBefore.map {
        ", or it stands before \($0), where single requests were pruned"
      }
      throw Failure(
        path, "no request has the id `\(VisibleText.escaped(id))`\(pruned ?? "")",
        "Ids are those that the logs give; `tollbook normalize` prints them.", .badData)
    }
    found.sort { $0.time < $1.time }
    return try found.map { fact in
      do throws(EventLineError) {
        return try explained(fact, cells[fact.cell], labels, id).text(as: form)
      } catch {
        throw Failure(path, error.problem, "Check the price book.", .badData)
      }
    }
  }

  private func explained(_ fact: Fact, _ cell: Cell, _ labels: LabelTable, _ id: String)
    throws(EventLineError) -> ExplainedRequest
  {
    let subject = PricingSubject(cell, labels)
    var usage = BillableUsage(fact)
    let hasReported = cell.flags.contains(.hasReportedCost)
    let currency = labels.text(cell.currency)
    if hasReported { usage.reported.cost = fact.costs.reported }
    return ExplainedRequest(
      id: id, requestModel: labels.text(cell.requestModel),
      responseModel: labels.text(cell.responseModel), time: fact.time, subject: subject,
      usage: usage, explanation: try explanation(subject, usage),
      reported: hasReported ? (fact.costs.reported, currency.isEmpty ? "USD" : currency) : nil,
      priceBook: pricer.priceBook,
      stored: .init(
        status: cell.charge, reason: labels.text(cell.chargeReason),
        entry: labels.text(cell.entry), tier: labels.text(cell.priceTier), currency: currency,
        costs: fact.costs))
  }
}

extension ExplainedRequest {
  func text(as form: Explainer.Form) -> String {
    switch form {
    case .text: ExplanationText(self).text
    case .json: jsonValue.line
    }
  }
}
