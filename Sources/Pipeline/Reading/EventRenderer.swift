import Billing
import Ingestion

/// A block with its events as text, as far as they can be written before what stands before them is
/// known.
struct RenderedBlock: Sendable {
  var outcome: BlockOutcome
  var bytes: [UInt8] = []
  /// For each event, where its text ends.
  var ends: [Int] = []

  /// The text of an event, with its line end.
  func text(at position: Int) -> ArraySlice<UInt8> {
    bytes[(position == 0 ? 0 : ends[position - 1])..<ends[position]]
  }
}

/// Writes events as JSON: the state of one worker.
final class EventRenderer: LogWorker {
  let lines: LineWorker
  private var texts: LabelTexts
  private var json = JSONText()

  init(_ lines: LineWorker, labels: LabelTable) {
    self.lines = lines
    texts = LabelTexts(labels)
  }

  func render(_ outcome: BlockOutcome) -> RenderedBlock {
    var block = RenderedBlock(outcome: outcome)
    json.removeAll()
    block.ends.reserveCapacity(outcome.batch.events.count)
    for event in outcome.batch.events {
      event.write(to: &json, batch: outcome.batch, texts: &texts)
      json.endLine()
      block.ends.append(json.bytes.count)
    }
    block.bytes = json.bytes
    return block
  }
}
