import Billing
import Ingestion

/// The events of one block with their charges, as text.
struct PricedBlock: Sendable {
  var bytes: [UInt8] = []
  var lines: Int64 = 0
  /// Events without a full price.
  var unpriced: Int64 = 0
  /// Lines that are no events.
  var refused: Int64 = 0
  /// The first of them, by line from 1 within the block.
  var refusals: [(line: Int64, error: EventLineError)] = []

  /// Refusals that are told of one run; the others are counted.
  static let refusalLimit = 20

  fileprivate mutating func refuse(_ error: EventLineError) {
    refused += 1
    if refusals.count < Self.refusalLimit { refusals.append((lines, error)) }
  }
}

/// Prices the lines of blocks: the state of one worker.
final class PricingWorker: BlockWorker {
  private let pricer: any Pricer
  private let lineLimit: Int
  private let undated: Timestamp?
  private let lines = TextWorker()
  private var memory: Memory
  private var json = JSONText()

  /// What is remembered of the events before.
  private struct Memory {
    let labels = LabelTable()
    let stage: ChargingStage
    var reader: UsageEventReader
    var texts: LabelTexts

    init(_ pricer: any Pricer) {
      stage = ChargingStage(pricer: pricer, labels: labels, cells: CellTable())
      reader = UsageEventReader(labels: labels)
      texts = LabelTexts(labels)
    }

    /// Texts of users and sessions never come to an end: about 30 MB of them are kept.
    var isFull: Bool { labels.count > 100_000 || reader.labelBytes > 16 << 20 }
  }

  /// - Parameters:
  ///   - lineLimit: bytes; longer lines are refused.
  ///   - undated: the time of events that name none.
  init(_ pricer: any Pricer, lineLimit: Int, undated: Timestamp?) {
    self.pricer = pricer
    self.lineLimit = lineLimit
    self.undated = undated
    memory = Memory(pricer)
  }

  func next(from input: LogInput) throws(InputError) -> (number: Int, piece: PricedBlock)? {
    guard let block = try lines.next(from: input) else { return nil }
    return (block.number, price(block))
  }

  private func price(_ block: TextBlock) -> PricedBlock {
    var result = PricedBlock()
    json.removeAll()
    if block.isOneTooLong {
      result.lines = 1
      result.refuse(tooLong)
    }
    for line in block.lines {
      result.lines += 1
      guard !Self.isBlank(block.text, line) else { continue }
      do throws(EventLineError) {
        guard line.count <= lineLimit else { throw tooLong }
        if try price(block.text, line) { result.unpriced += 1 }
      } catch {
        result.refuse(error)
      }
    }
    result.bytes = json.bytes
    if memory.isFull { memory = Memory(pricer) }
    return result
  }

  private var tooLong: EventLineError {
    EventLineError(problem: "the line is longer than \(lineLimit) bytes: this is no usage event")
  }

  private static func isBlank(_ text: [UInt8], _ line: Range<Int>) -> Bool {
    text[line].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
  }

  /// Writes an event with its charge.
  ///
  /// - Returns: whether it has no full price.
  private func price(_ text: [UInt8], _ line: Range<Int>) throws(EventLineError) -> Bool {
    let event = try memory.reader.event(text, line)
    let charge = try charge(event)
    event.write(to: &json, batch: memory.reader.batch, texts: &memory.texts) {
      charge.write(to: &$0)
    }
    json.endLine()
    return charge.line.status == .unpriced || charge.line.status == .partial
  }

  private func charge(_ event: UsageEvent) throws(EventLineError) -> ChargeText {
    var event = event
    let isDated = event.known.contains(.time) || undated != nil
    if !event.known.contains(.time), let undated { event.time = undated }
    let text: ChargeText
    do throws(ArithmeticOverflow) {
      let usage = BillableUsage(event)
      let plan = memory.stage.plan(for: event)
      let charge = try plan.charge(usage)
      text = ChargeText(
        line: plan.lines[charge.line], charge: charge, components: try plan.components(usage),
        priceBook: pricer.priceBook)
    } catch {
      throw EventLineError(problem: "the \(error.quantity) does not fit")
    }
    return isDated || text.line.status == .notBilled ? text : undatedCharge
  }

  /// Prices are dated: without a time there is none.
  private var undatedCharge: ChargeText {
    var line = ChargeLine(status: .unpriced)
    line.reason = RejectionReason.noTime.name
    return ChargeText(
      line: line, charge: Charge(line: 0), components: [], priceBook: pricer.priceBook)
  }
}
