import Billing
import CSimdjson

extension EventBuilder {
  func setTime(_ range: Range<Int>, _ event: inout UsageEvent) throws(RejectionReason) {
    var zoneAssumed = false
    var warnings: EventWarnings = []
    let time = try first(of: range) {
      (alternative, value) throws(RejectionReason) -> Timestamp? in
      guard !value.isBlank else { return nil }
      var read = value.time(unit: alternative.unit)
      if read == nil { read = try escapedTime(value) }
      guard var parsed = read else { throw .invalidTime }
      if parsed.zoneAssumed, alternative.zone >= 0 {
        parsed.time = dialect.zones[alternative.zone].instant(ofLocal: parsed.time)
        parsed.zoneAssumed = false
      }
      zoneAssumed = parsed.zoneAssumed
      warnings = alternative.warnings
      return shifted(parsed.time, alternative.less)
    }
    guard let time else { return }
    guard Self.plausibleTimes.contains(time) else { throw .invalidTime }
    event.time = time
    event.known.insert(.time)
    event.warnings.formUnion(warnings)
    if zoneAssumed { event.warnings.insert(.zoneAssumed) }
  }

  /// A time whose slashes are escaped, as some writers of JSON do.
  private func escapedTime(_ value: RecordValue) throws(RejectionReason) -> Timestamp.Parsed? {
    guard value.kind == TB_ESCAPED else { return nil }
    let bytes = try walker.withText(of: value) { text in text.bytes(atMost: 64) }
    return Timestamp.parse(bytes) ?? Timestamp.parse(spelling: bytes)
  }

  /// The time less the first duration that the record gives.
  private func shifted(_ time: Timestamp, _ less: Range<Int>) -> Timestamp {
    for index in less {
      guard let duration: ExactDecimal = walker[dialect.slotLists[index]].fixedPoint(),
        let microseconds = Int64(exactly: duration.units / (ExactDecimal.unitsPerOne / 1000))
      else { continue }
      let (start, overflow) = time.microseconds.subtractingReportingOverflow(microseconds)
      return overflow || microseconds < 0 ? time : Timestamp(microseconds: start)
    }
    return time
  }

  /// No gateway has written a log before, nor will one after: such a time is a broken clock or unit.
  private static let plausibleTimes =
    Timestamp(
      microseconds: 1_262_304_000_000_000)...Timestamp(
      microseconds: 4_102_444_800_000_000)  // 2010-01-01 … 2100-01-01

  func setDuration(
    _ field: CompiledField, _ event: inout UsageEvent
  ) throws(RejectionReason) {
    var warnings: EventWarnings = []
    let duration = try first(of: field.alternatives) {
      (alternative, value) throws(RejectionReason) -> ExactDecimal? in
      warnings = alternative.warnings
      if alternative.source == .difference {
        return difference(value, walker[alternative.secondSlot], alternative.unit)
      }
      guard !value.isBlank, let number: ExactDecimal = value.fixedPoint() else { return nil }
      guard alternative.factor >= 0 else { return alternative.unit.milliseconds(number) }
      return dialect.factors[alternative.factor].times(number)
        .flatMap(alternative.unit.milliseconds)
    }
    guard let duration else { return }
    guard duration >= .zero else {
      event.warnings.insert(.negativeDuration)
      return
    }
    event.warnings.formUnion(warnings)
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
    if unit == .nanoseconds, let start = from.wholeNanoseconds, let end = to.wholeNanoseconds {
      let (difference, overflow) = end.subtractingReportingOverflow(start)
      return overflow
        ? nil : ExactDecimal(units: Int128(difference) * (ExactDecimal.unitsPerOne / 1_000_000))
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
      let written: Money?
      if alternative.source == .sum {
        guard let sum = sum(of: alternative.places) else { return nil }
        written = sum.amount
      } else {
        guard !value.isBlank, value.kind == TB_NUMBER || value.isText else { return nil }
        written = value.fixedPoint()
      }
      guard let amount = written,
        let dollars = alternative.factor < 0
          ? alternative.unit.dollars(amount) : dialect.factors[alternative.factor].times(amount)
      else {
        isUnreadable = true
        return nil
      }
      return alternative.ratios.isEmpty
        ? dollars
        : markup(in: dollars, alternative.ratios, isDiscount: field.field == .reportedDiscount)
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

  /// The sum of the parts of an amount that are there; `nil` when none is. A sum of which a part cannot
  /// be read is no sum.
  private func sum(of places: Range<Int>) -> (amount: Money?, count: Int)? {
    var sum: Money? = .zero
    var count = 0
    for index in places {
      for value in walker.values(at: dialect.fanOuts[index]) where !value.isBlank {
        count += 1
        let part: Money? = value.fixedPoint()
        sum = sum.flatMap { sum in part.flatMap { try? sum.adding($0, "reported cost") } }
      }
    }
    return count == 0 ? nil : (sum, count)
  }

  /// What ratios have added to an amount, or taken from it: amount × (1 − 1 / product of ratios), to
  /// the nearest unit. A ratio that is missing or below zero is none.
  private func markup(in amount: Money, _ ratios: Range<Int>, isDiscount: Bool) -> Money? {
    var numerator: Int128 = 1
    var denominator: Int128 = 1
    for index in ratios {
      guard let ratio: ExactDecimal = walker[dialect.slotLists[index]].fixedPoint(),
        ratio > .zero, let factor = Factor(ratio)
      else { continue }
      let (up, upOverflow) = numerator.multipliedReportingOverflow(by: factor.numerator)
      let (down, downOverflow) = denominator.multipliedReportingOverflow(by: factor.denominator)
      if upOverflow || downOverflow { return nil }
      (numerator, denominator) = (up, down)
    }
    let difference = isDiscount ? denominator - numerator : numerator - denominator
    guard difference > 0 else { return nil }
    let (product, overflow) = amount.units.multipliedReportingOverflow(by: difference)
    if overflow { return nil }
    let (quotient, rest) = product.quotientAndRemainder(dividingBy: numerator)
    let isUp = rest.magnitude * 2 > numerator.magnitude
    return Money(units: quotient + (isUp ? (product < 0 ? -1 : 1) : 0))
  }

  // MARK: Usage

  /// The first usage object that gives input or output decides; then the difference of running
  /// totals.
  func setUsage(_ event: inout UsageEvent) throws(RejectionReason) {
    for usage in dialect.usage where holdsAll(usage.when) {
      var counts = try counts(of: usage, at: dialect.countPlaces)
      if dialect.session != nil, let former = session[dialect.index].usage {
        counts.complete(with: former)
      }
      guard counts[.input] != nil || counts[.output] != nil else { continue }
      return try setUsage(&event, counts, usage)
    }
    if let running = dialect.session?.running, let added = session[dialect.index].added {
      try setUsage(&event, added, running)
    }
  }

  private func setUsage(
    _ event: inout UsageEvent, _ counts: WrittenCounts, _ usage: CompiledUsage
  ) throws(RejectionReason) {
    // A failure is often logged with zeros that mean nothing.
    if event.status == .error, counts.areAllZero { return }
    try setTokens(&event, counts, usage)
    event.warnings.formUnion(usage.warnings)
  }

  func counts(
    of usage: CompiledUsage, at places: [CountPlace]
  ) throws(RejectionReason) -> WrittenCounts {
    var counts = WrittenCounts()
    var last = -1
    for index in usage.counts where places[index].position != last {
      let value = walker[places[index].slot]
      guard value.isPresent, !dialect.dialect.isLoose || value.looksLikeNumber,
        let count = try value.count()
      else { continue }
      last = places[index].position
      counts.set(position: last, count)
    }
    for index in usage.sums {
      let sum = dialect.sums[index]
      let values = walker.values(at: sum.places)
      guard !values.isEmpty else { continue }
      var total: Int64 = 0
      for value in values { total += try value.count() ?? 0 }
      guard total <= TokenUsage.countLimit else { throw .invalidNumber }
      counts.set(position: sum.position, total)
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
    case .dotnetTicks: return ExactDecimal(units: number.units / 10_000)
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
