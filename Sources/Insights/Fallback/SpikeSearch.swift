import Billing

/// Looks for days with more premium fallbacks than the days before let expect.
///
/// A day's count is compared with a beta-binomial distribution fitted to the days before it that
/// were not flagged themselves. A simulation was the reason: fixed thresholds and plain
/// binomials raise 4 to 12 false alarms in 100 ordinary days, this about 2 in 10,000.
struct SpikeSearch {
  let history: ResolvedHistory
  let events: [FallbackEvent]
  let settings: FallbackSettings.Spike
  let calendar: ReportingCalendar

  /// One day of one series against its baseline.
  private struct Test {
    var series: FallbackSeries
    var day: FallbackSeries.DayCount
    var baselineDays: Int
    var baselineFallbacks: Int64
    var baselineRequests: Int64
    var probability: Double

    var baselineShare: Ratio? { Ratio(baselineFallbacks, over: baselineRequests) }
  }

  func findings(in period: Period) throws -> [Finding] {
    let series = try FallbackSeries.all(events, in: history, calendar: calendar)
    guard !series.isEmpty else { return [] }
    let fleet = fleetOverdispersion(series)
    let spend = try DailySpend(of: history, in: period.range, calendar: calendar)
    let tests = series.flatMap { self.tests($0, in: period, fleet: fleet) }
    let threshold = BenjaminiHochberg.threshold(
      tests.map(\.probability), rate: settings.falseDiscoveryRate)
    let spikes = tests.filter { test in
      test.probability < settings.probability && test.probability <= threshold
        && isMaterial(test, spend[test.day.day, test.series.id.currency])
    }
    return try spikes.map(finding) + series.compactMap { try newEdge($0, in: period) }
  }

  /// The middle of the series' own estimates; the prior when fewer than three say anything.
  private func fleetOverdispersion(_ series: [FallbackSeries]) -> Double {
    let estimates = series.compactMap { series in
      series.days.count < settings.minimumBaselineDays
        ? nil
        : BetaBinomial.overdispersion(of: series.days.map { ($0.fallbacks, $0.requests) })
    }
    return estimates.count < 3
      ? settings.priorOverdispersion : estimates.sorted()[estimates.count / 2]
  }

  private func tests(_ series: FallbackSeries, in period: Period, fleet: Double) -> [Test] {
    var tests: [Test] = []
    var flagged: Set<Day> = []
    for day in series.days where period.days.contains(day.day) {
      guard day.requests >= settings.minimumRequests else { continue }
      let baseline = self.baseline(series, before: day.day).filter { !flagged.contains($0.day) }
      guard baseline.count >= settings.minimumBaselineDays else { continue }
      let test = self.test(day, of: series, against: baseline, fleet: fleet)
      if test.probability < settings.probability { flagged.insert(day.day) }
      tests.append(test)
    }
    return tests
  }

  private func baseline(_ series: FallbackSeries, before day: Day) -> [FallbackSeries.DayCount] {
    let first = Day(number: day.number - Int32(settings.baselineDays))
    return series.days.filter { $0.day >= first && $0.day < day }
  }

  private func test(
    _ day: FallbackSeries.DayCount, of series: FallbackSeries,
    against baseline: [FallbackSeries.DayCount], fleet: Double
  ) -> Test {
    let fallbacks = baseline.reduce(Int64(0)) { $0 + $1.fallbacks }
    let requests = baseline.reduce(Int64(0)) { $0 + $1.requests }
    let own = BetaBinomial.overdispersion(of: baseline.map { ($0.fallbacks, $0.requests) })
    // The own estimate weighs as many days as it has; the fleet's weighs four weeks.
    let weight = Double(baseline.count)
    let overdispersion = ((own ?? fleet) * weight + fleet * 28) / (weight + 28)
    // Half a fallback more than was seen: a share of exactly 0 would make any count impossible.
    let mean = (Double(fallbacks) + 0.5) / (Double(requests) + 1)
    let distribution = BetaBinomial(
      mean: mean, overdispersion: min(0.5, max(0.001, overdispersion)))
    return Test(
      series: series, day: day, baselineDays: baseline.count, baselineFallbacks: fallbacks,
      baselineRequests: requests,
      probability: distribution.upperTail(day.fallbacks, of: day.requests))
  }

  private func isMaterial(_ test: Test, _ spend: Money) -> Bool {
    let day = test.day
    guard day.fallbacks >= settings.minimumFallbacks, day.excess >= settings.minimumExcess,
      Ratio(day.excess, over: spend)?.isAtLeast(settings.minimumShareOfSpend) ?? true
    else { return false }
    // day share ÷ baseline share, as one quotient of whole numbers.
    let share = Ratio(
      Int128(day.fallbacks) * Int128(test.baselineRequests),
      over: Int128(day.requests) * Int128(test.baselineFallbacks))
    return share?.isAtLeast(settings.shareRatio) ?? true
  }

  private func finding(_ test: Test) throws -> Finding {
    let texts = test.series.texts(history.labels)
    let share = Ratio(test.day.fallbacks, over: test.day.requests)
    let period = Period.day(test.day.day, in: calendar)
    var finding = Finding(
      "premium_fallback_spike", .warning, subject: subject(texts, test.day.day),
      summary: "On \(test.day.day), \(test.day.fallbacks) of \(test.day.requests) requests "
        + "(\(percent(share))) fell back to a dearer model.",
      money: Amount(test.day.excess, Amount.currency(named: texts[3])),
      moneyMeaning: "list cost above the requested model's, same tokens",
      requests: test.day.fallbacks, window: period.range,
      baseline: "\(test.baselineFallbacks) of \(test.baselineRequests) requests "
        + "(\(percent(test.baselineShare))) on \(test.baselineDays) days before; "
        + "probability by chance \(Self.magnitude(test.probability))",
      next: Finding.command(.spend, period, by: [.route, .model, .key]))
    finding.thresholds = thresholds
    finding.evidence = test.day.evidence.requests
    return finding
  }

  /// An edge whose days in the period have too little history to compare with.
  private func newEdge(_ series: FallbackSeries, in period: Period) throws -> Finding? {
    let new = series.days.filter { day in
      period.days.contains(day.day) && day.fallbacks > 0
        && baseline(series, before: day.day).count < settings.minimumBaselineDays
    }
    guard let first = new.first, let last = new.last else { return nil }
    var fallbacks: Int64 = 0
    var requests: Int64 = 0
    var excess = Money.zero
    var sample = EvidenceSample()
    for day in new {
      try fallbacks.add(day.fallbacks, "fallbacks")
      try requests.add(day.requests, "requests")
      try excess.add(day.excess, "excess cost")
      for request in day.evidence.requests { sample.add(request) }
    }
    guard fallbacks >= settings.minimumFallbacks, excess >= settings.minimumExcess else {
      return nil
    }
    let texts = series.texts(history.labels)
    let span = Period(first.day...last.day, in: calendar)
    var finding = Finding(
      "new_fallback_edge", .info, subject: subject(texts, nil),
      summary: "\(fallbacks) of \(requests) requests fell back to a dearer model on an edge that "
        + "has fewer than \(settings.minimumBaselineDays) days of history.",
      money: Amount(excess, Amount.currency(named: texts[3])),
      moneyMeaning: "list cost above the requested model's, same tokens", requests: fallbacks,
      window: span.range, baseline: "none: too few days with traffic before",
      next: Finding.command(.spend, span, by: [.route, .model, .day]))
    finding.thresholds = thresholds
    finding.evidence = sample.requests
    return finding
  }

  private func subject(_ texts: [String], _ day: Day?) -> [Finding.Detail] {
    var subject: [Finding.Detail] = [.init("from", texts[0]), .init("to", texts[1])]
    if !texts[2].isEmpty { subject.append(.init("team", texts[2])) }
    if let day { subject.append(.init("day", "\(day)")) }
    return subject
  }

  private var thresholds: [Finding.Detail] {
    [
      .init("baseline_days", "\(settings.baselineDays)"),
      .init("minimum_baseline_days", "\(settings.minimumBaselineDays)"),
      .init("minimum_requests", "\(settings.minimumRequests)"),
      .init("minimum_fallbacks", "\(settings.minimumFallbacks)"),
      .init("probability", "\(settings.probability)"),
      .init("share_ratio", "\(settings.shareRatio)"),
      .init("minimum_excess", "\(settings.minimumExcess)"),
      .init("minimum_share_of_spend", "\(settings.minimumShareOfSpend)"),
      .init("false_discovery_rate", "\(settings.falseDiscoveryRate)"),
    ]
  }

  private func percent(_ ratio: Ratio?) -> String { ratio?.percentText ?? "unknown" }

  /// `below 1e-5`: the order of magnitude is all that such a number can honestly say.
  static func magnitude(_ probability: Double) -> String {
    var bound = 1.0
    var exponent = 0
    while exponent < 12, probability < bound / 10 {
      bound /= 10
      exponent += 1
    }
    return exponent == 0 ? "above 0.1" : "below 1e-\(exponent)"
  }
}

extension Ratio {
  /// The quotient in percent with one decimal, half to even.
  var percentText: String {
    percent(places: 1).map { "\($0) %" } ?? "beyond 10^14 %"
  }
}

/// Billed cost by local day and currency.
private struct DailySpend {
  private struct Key: Hashable {
    var day: Day
    var currency: Label
  }

  private var sums: [Key: Money] = [:]

  init(of history: ResolvedHistory, in range: Range<Timestamp>, calendar: ReportingCalendar) throws
  {
    let reader = CellReader(history.cells)
    let days = DayReader(calendar)
    var sums: [Key: Money] = [:]
    try history.forEachRow(in: range) { row in
      let key = Key(day: days[row.bucket], currency: reader[row.cell].currency)
      try sums[key, default: .zero].add(row.measures.costs.billed, "billed cost")
    }
    self.sums = sums
  }

  subscript(day: Day, currency: Label) -> Money { sums[Key(day: day, currency: currency)] ?? .zero }
}
