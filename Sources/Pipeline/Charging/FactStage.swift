import Billing
import Ingestion

/// The facts of one block, in its order, with what is left for the sequence to decide.
struct FactBlock: Sendable {
  var facts: [Fact] = []
  /// For each fact its line; rising.
  var lineOfFact: [EventLine] = []
  /// Facts without an id, with the hash of their line.
  var anonymous: [(fact: Int, digest: KeyedDigest)] = []
  /// The block's account; its events were moved into `facts`.
  var outcome: BlockOutcome
}

/// Turns events into facts: identity, cell, amounts. The state of one worker.
final class FactStage: LogWorker {
  let lines: LineWorker
  private let charging: ChargingStage
  private let labels: LabelTable
  /// Of the ids of the user's namespace.
  private let idKey: StoreKey
  private let undated: Timestamp?
  private var hashers: [Label: KeyedHasher] = [:]
  /// The gateway of the last event: mostly that of the next.
  private var latest: (gateway: Label, hasher: KeyedHasher)?
  private let traceHasher: KeyedHasher

  /// - Parameters:
  ///   - source: the user's namespace of ids; empty without one.
  ///   - undated: the time of events that name none; `nil` rejects them.
  init(
    lines: LineWorker, charging: ChargingStage, labels: LabelTable, key: StoreKey,
    source: String = "", undated: Timestamp?
  ) {
    self.lines = lines
    self.charging = charging
    self.labels = labels
    idKey = key.namespace(source)
    self.undated = undated
    traceHasher = KeyedHasher(key: key, sourceLabel: "trace")
  }

  func facts(of outcome: BlockOutcome) -> FactBlock {
    var block = FactBlock(outcome: outcome)
    block.outcome.batch = EventBatch()
    block.outcome.lineOfEvent = []
    block.facts.reserveCapacity(outcome.batch.events.count)
    block.lineOfFact.reserveCapacity(outcome.batch.events.count)
    var anonymous = outcome.anonymous[...]
    var refused: EventLine?
    let events = outcome.batch.events.span
    charging.lookUp(events)
    for position in events.indices {
      var digest: KeyedDigest?
      if let first = anonymous.first, first.event == position {
        digest = first.digest
        anonymous.removeFirst()
      }
      let line = outcome.lineOfEvent[position]
      if line == refused { continue }
      do throws(RejectionReason) {
        let fact = try fact(of: events[position], at: position, in: outcome.batch)
        if let digest { block.anonymous.append((block.facts.count, digest)) }
        block.facts.append(fact)
        block.lineOfFact.append(line)
      } catch {
        block.drop(line)
        lines.reject(line, error, in: &block.outcome)
        refused = line
      }
    }
    block.outcome.rejections.sort { $0.line < $1.line }
    return block
  }

  /// The fact of an event; its key is 0 when the event has no id.
  ///
  /// - Parameter position: among the events that were looked up; `nil` for another event.
  func fact(of event: UsageEvent, at position: Int? = nil, in batch: EventBatch)
    throws(RejectionReason) -> Fact
  {
    if event.known.contains(.time) { return try fact(of: event, position, batch) }
    guard let undated else { throw .noTime }
    var event = event
    event.time = undated
    return try fact(of: event, position, batch)
  }

  private func fact(
    of event: UsageEvent, _ position: Int?, _ batch: EventBatch
  ) throws(RejectionReason) -> Fact {
    let priced: ChargingStage.Outcome
    do throws(ArithmeticOverflow) {
      if let position {
        priced = try charging.charge(event, at: position)
      } else {
        priced = try charging.charge(event)
      }
    } catch {
      throw .overflow
    }
    var fact = Fact(
      key: recordKey(event, batch), cell: priced.cell, time: FactGrain.time(event.time))
    fact.tokens = event.tokens
    fact.units = event.units
    fact.requests = event.requests
    fact.costs.list = priced.charge.list
    fact.costs.billed = priced.charge.billed
    fact.costs.markup = priced.charge.markup
    fact.costs.fee = priced.charge.fee
    fact.costs.rounding = priced.charge.rounding
    if priced.isComparable {
      fact.costs.reported = event.reportedCost
      fact.costs.reportedUpstream = event.reportedUpstreamCost
    }
    fact.latency = FactGrain.duration(Self.microseconds(event.latency))
    fact.firstToken = FactGrain.duration(Self.microseconds(event.firstToken))
    fact.requestBytes = event.requestBytes
    fact.responseBytes = event.responseBytes
    if !event.traceID.isNone { fact.trace = trace(batch.bytes(event.traceID)) }
    return fact
  }

  private func recordKey(_ event: UsageEvent, _ batch: EventBatch) -> RecordKey {
    guard !event.id.isNone else { return RecordKey(high: 0, low: 0) }
    return hasher(for: event.gateway).digest(batch.bytes(event.id).span).recordKey
  }

  /// The key of a line without an id: its bytes and how many times they came before in this file.
  ///
  /// - Parameter key: that of the user's namespace.
  static func recordKey(
    anonymous digest: KeyedDigest, ordinal: UInt64, key: StoreKey
  ) -> RecordKey {
    var hasher = KeyedHasher(key: key, sourceLabel: "line")
    hasher.update(digest.low)
    hasher.update(digest.high)
    hasher.update(ordinal)
    return hasher.finalize().recordKey
  }

  /// A trace is never 0, which stands for none.
  private func trace(_ id: ArraySlice<UInt8>) -> UInt64 {
    FactGrain.trace(traceHasher.digest(id.span).low)
  }

  private func hasher(for gateway: Label) -> KeyedHasher {
    if let latest, latest.gateway == gateway { return latest.hasher }
    let hasher = hashers[gateway] ?? KeyedHasher(key: idKey, sourceLabel: labels.text(gateway))
    hashers[gateway] = hasher
    latest = (gateway, hasher)
    return hasher
  }

  /// Whole microseconds. 10²¹ units are one: 2²¹ times 5²¹, and a division by a number of one word
  /// is several times faster than one of two.
  private static func microseconds(_ milliseconds: ExactDecimal) -> Int64 {
    Int64(clamping: (milliseconds.units >> 21) / 476_837_158_203_125)
  }
}

extension FactBlock {
  /// The rejection of a line, whose number counts from 1 within the block; its bytes are not at hand
  /// any more.
  func rejection(_ reason: RejectionReason, of line: EventLine) -> Rejection {
    Rejection(
      reason: reason, line: Int64(line.number) + 1, offset: outcome.offset + Int64(line.offset),
      length: Int64(line.length))
  }

  /// Drops the facts of a line of whose events one cannot be kept: then none is.
  fileprivate mutating func drop(_ line: EventLine) {
    while lineOfFact.last == line {
      lineOfFact.removeLast()
      facts.removeLast()
      if anonymous.last?.fact == facts.count { anonymous.removeLast() }
    }
  }
}
