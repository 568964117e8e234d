import Billing
import CSimdjson

extension EventBuilder {
  func setTime(_ range: Range<Int>, _ event: inout UsageEvent) throws(RejectionReason) {
    var zoneAssumed = false
    var warnings: EventWarnings = []
    let time = try first(of: range) {
      (alternative, value) throws(RejectionReason) -> Timestamp? in
      guard !value.isBlank else { return nil }
      guard let parsed = value.time(unit: alternative.unit) else { throw .invalidTime }
      zoneAssumed = parsed.zoneAssumed
      warnings = alternative.warnings
      return parsed.time
    }
    guard let time else { return }
    guard Self.plausibleTimes.contains(time) else { throw .invalidTime }
    event.time = time
    event.known.insert(.time)
    event.warnings.formUnion(warnings)
    if zoneAssumed { event.warnings.insert(.zoneAssumed) }
  }

  /// No gateway has written a log before, nor will one after: such a time is a broken clock or unit.
  private static let plausibleTimes =
    Timestamp(
      microseconds: 1_262_304_000_000_000)...Timestamp(
      microseconds: 4_102_444_800_000_000)  // 2010-01-01 … 2100-01-01

  func setDuration(
    _ field: CompiledField, _ event: inout UsageEvent
  ) throws(RejectionReason) {
    let duration = try first(of: field.alternatives) {
      (alternative, value) throws(RejectionReason) -> ExactDecimal? in
      if alternative.source == .difference {
        return difference(value, walker[alternative.secondSlot], alternative.unit)
      }
      guard !value.isBlank, let number: ExactDecimal = value.fixedPoint() else { return nil }
      return alternative.unit.milliseconds(number)
    }
    guard let duration else { return }
    guard duration >= .zero else {
      event.warnings.insert(.negativeDuration)
      return
    }
    switch field.field {
    case .latency:
      event.latency = duration
      event.known.insert(.latency)
    case .firstToken:
      event.firstToken = duration
      event.known.insert(.firstToken)
    default:
      event.gatewayOverhead = duration
      event.known.insert(.gatewayOverhead)
    }
  }

  /// Milliseconds between two times, exact when both are numbers.
  private func difference(
    _ from: RecordValue, _ to: RecordValue, _ unit: ValueUnit
  ) -> ExactDecimal? {
    if from.kind == TB_NUMBER, to.kind == TB_NUMBER, let start: ExactDecimal = from.fixedPoint(),
      let end: ExactDecimal = to.fixedPoint()
    {
      return (try? end.subtracting(start, "duration")).flatMap(unit.milliseconds)
    }
    guard let start = from.time(unit: unit), let end = to.time(unit: unit) else { return nil }
    let (micros, overflow) = end.time.microseconds.subtractingReportingOverflow(
      start.time.microseconds)
    if overflow { return nil }
    return try? ExactDecimal(units: ExactDecimal.unitsPerOne / 1000)
      .multiplied(by: micros, "duration")
  }

  func setMoney(_ field: CompiledField, _ event: inout UsageEvent) throws(RejectionReason) {
    var isUnreadable = false
    let amount = try first(of: field.alternatives) {
      (alternative, value) throws(RejectionReason) -> Money? in
      guard !value.isBlank, value.kind == TB_NUMBER || value.isText else { return nil }
      guard let amount: Money = value.fixedPoint(),
        let dollars = alternative.unit.dollars(amount)
      else {
        isUnreadable = true
        return nil
      }
      return dollars
    }
    guard let amount else {
      if isUnreadable { event.warnings.insert(.costUnreadable) }
      return
    }
    switch field.field {
    case .reportedCost:
      event.reportedCost = amount
      event.known.insert(.reportedCost)
    case .reportedUpstreamCost:
      event.reportedUpstreamCost = amount
      event.known.insert(.reportedUpstreamCost)
    case .reportedMarkup:
      event.reportedMarkup = amount
      event.known.insert(.reportedMarkup)
    case .reportedFee:
      event.reportedFee = amount
      event.known.insert(.reportedFee)
    default:
      event.reportedDiscount = amount
      event.known.insert(.reportedDiscount)
    }
  }

  // MARK: Usage

  /// The first usage object that gives input or output decides.
  func setUsage(_ event: inout UsageEvent) throws(RejectionReason) {
    for usage in dialect.usage where holdsAll(usage.when) {
      let counts = try counts(of: usage, slotLists: dialect.slotLists)
      guard counts[.input] != nil || counts[.output] != nil else { continue }
      // A failure is often logged with zeros that mean nothing.
      if event.status == .error, counts.areAllZero { return }
      try setTokens(&event, counts, usage)
      event.warnings.formUnion(usage.warnings)
      return
    }
  }

  func counts(
    of usage: CompiledUsage, slotLists: [Int]
  ) throws(RejectionReason) -> WrittenCounts {
    var counts = WrittenCounts()
    for position in 0..<(usage.counts.count - 1) {
      for index in usage.counts[position]..<usage.counts[position + 1] {
        let value = walker[slotLists[index]]
        guard value.isPresent, let count = try value.count() else { continue }
        counts.set(position: position, count)
        break
      }
    }
    return counts
  }

  func setTokens(
    _ event: inout UsageEvent, _ counts: WrittenCounts, _ usage: CompiledUsage
  ) throws(RejectionReason) {
    var normalizer = TokenNormalizer(written: counts, usage: usage)
    event.tokens = try normalizer.buckets()
    event.warnings.formUnion(normalizer.warnings)
  }
}

extension ValueUnit {
  /// A number of this unit in milliseconds; plain numbers are milliseconds.
  func milliseconds(_ number: ExactDecimal) -> ExactDecimal? {
    switch self {
    case .seconds:
      let (units, overflow) = number.units.multipliedReportingOverflow(by: 1000)
      return overflow ? nil : ExactDecimal(units: units)
    case .microseconds: return ExactDecimal(units: number.units / 1000)
    case .nanoseconds: return ExactDecimal(units: number.units / 1_000_000)
    default: return number
    }
  }

  /// An amount of this unit in dollars; `nil` when it cannot be held exactly.
  func dollars(_ amount: Money) -> Money? {
    guard self == .cents else { return amount }
    return amount.units % 100 == 0 ? Money(units: amount.units / 100) : nil
  }
}
