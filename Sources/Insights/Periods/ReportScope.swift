public import Billing

extension ReportRequest {
  /// What of a history the analysis reads.
  ///
  /// Parts of it look beyond the period: at the days before it for what is usual, at the seconds
  /// after it for a recovery, and at whole months for invoices.
  public var scope: HistoryScope {
    var rows = period.range
    // Routes are resolved whatever is reported, and a failure just before may explain a success.
    var facts = resolvedRange.extended(secondsBefore: fallback.inferenceSeconds)
    if kind.includes(.fallback) {
      rows = rows.joined(resolvedRange)
      facts = facts.extended(secondsAfter: fallback.recoverySeconds)
    }
    if kind.includes(.idle) {
      let days = max(idle.dormantDays, idle.commitmentDays, idle.activeKeyDays)
      rows = rows.joined(start(daysBefore: days)..<period.range.upperBound)
    }
    if kind.includes(.invoice) {
      let months = InvoiceAnalysis.range(of: self)
      rows = rows.joined(months)
      facts = facts.joined(months)
    }
    return HistoryScope(rows: rows, facts: facts)
  }

  /// Where routes are resolved: spikes need the days before the period.
  var resolvedRange: Range<Timestamp> {
    guard kind.includes(.fallback) else { return period.range }
    return start(daysBefore: fallback.spike.baselineDays)..<period.range.upperBound
  }

  /// The days of the period whose single facts are known; `nil` when none are.
  func factPeriod(_ notes: HistoryNotes) -> Period? {
    guard let first = notes.prunedBefore else { return period }
    return period.from(Timestamp(day: first), in: calendar)
  }

  /// Where routes are resolved, as far as single facts are known: on whole days, so that what is
  /// usual is not measured on a part of one.
  func resolvedRange(_ notes: HistoryNotes) -> Range<Timestamp> {
    let range = resolvedRange
    guard let first = notes.prunedBefore else { return range }
    let days = calendar.day(of: range.lowerBound)...period.days.upperBound
    let known = Period(days, in: calendar).from(Timestamp(day: first), in: calendar)
    return (known?.range.lowerBound ?? range.upperBound)..<range.upperBound
  }

  private func start(daysBefore days: Int) -> Timestamp {
    calendar.start(of: Day(number: period.days.lowerBound.number - Int32(days)))
  }
}

extension Range<Timestamp> {
  /// The span of both, with what lies between them.
  fileprivate func joined(_ other: Self) -> Self {
    Swift.min(lowerBound, other.lowerBound)..<Swift.max(upperBound, other.upperBound)
  }

  fileprivate func extended(secondsBefore before: Int64 = 0, secondsAfter after: Int64 = 0) -> Self
  {
    lowerBound.advanced(bySeconds: -before)..<upperBound.advanced(bySeconds: after)
  }
}
