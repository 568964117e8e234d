public import Billing

/// `tollbook price`: usage events in, the same with their charge out, in order.
public struct EventPricer {
  /// Where lines were refused.
  public private(set) var failures: [Failure] = []
  /// Lines that were refused; `failures` holds the first of them.
  public private(set) var refused: Int64 = 0
  /// Events without a full price.
  public private(set) var unpriced: Int64 = 0

  private let pricer: any Pricer
  private let undated: Timestamp?
  private let name: String
  private var line: Int64 = 0
  private var labels = LabelTable()
  private var stage: ChargingStage
  private var reader: UsageEventReader
  private var texts: LabelTexts

  /// Labels that are kept before a new table is begun, so that memory does not grow with the input.
  private static let labelLimit = 100_000
  private static let failureLimit = 20

  /// - Parameters:
  ///   - name: the input's, for messages.
  ///   - undated: the time of events that name none; without it they are unpriced (`no_time`).
  public init(_ pricer: any Pricer, input name: String, undated: Timestamp?) {
    self.pricer = pricer
    self.name = name
    self.undated = undated
    stage = ChargingStage(pricer: pricer, labels: labels, cells: CellTable())
    reader = UsageEventReader(labels: labels)
    texts = LabelTexts(labels)
  }

  /// Prices one line and writes it with its charge; blank lines are passed over.
  public mutating func price(_ bytes: [UInt8], to json: inout JSONText) {
    line += 1
    guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }
    do throws(EventLineError) {
      let event = try reader.event(bytes)
      let charge = try charge(event)
      event.write(to: &json, batch: reader.batch, texts: &texts) { charge.write(to: &$0) }
      json.endLine()
    } catch {
      refuse(error)
    }
    if labels.count > Self.labelLimit { beginLabels() }
  }

  private mutating func charge(_ event: UsageEvent) throws(EventLineError) -> ChargeText {
    var event = event
    let isDated = event.known.contains(.time) || undated != nil
    if !event.known.contains(.time), let undated { event.time = undated }
    let text: ChargeText
    do throws(ArithmeticOverflow) {
      let usage = BillableUsage(event)
      let plan = stage.plan(for: event)
      let charge = try plan.charge(usage)
      text = ChargeText(
        line: plan.lines[charge.line], charge: charge, components: try plan.components(usage),
        priceBook: pricer.priceBook)
    } catch {
      throw EventLineError(problem: "the \(error.quantity) does not fit")
    }
    let result = isDated || text.line.status == .notBilled ? text : undatedCharge
    if result.line.status == .unpriced || result.line.status == .partial { unpriced += 1 }
    return result
  }

  /// Prices are dated: without a time there is none.
  private var undatedCharge: ChargeText {
    var line = ChargeLine(status: .unpriced)
    line.reason = RejectionReason.noTime.name
    return ChargeText(
      line: line, charge: Charge(line: 0), components: [], priceBook: pricer.priceBook)
  }

  private mutating func refuse(_ error: EventLineError) {
    refused += 1
    guard failures.count < Self.failureLimit else { return }
    failures.append(
      Failure("\(name):\(line)", error.problem, "", .badData))
  }

  private mutating func beginLabels() {
    labels = LabelTable()
    stage = ChargingStage(pricer: pricer, labels: labels, cells: CellTable())
    reader = UsageEventReader(labels: labels)
    texts = LabelTexts(labels)
  }
}
