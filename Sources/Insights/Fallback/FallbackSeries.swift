import Billing

/// Premium fallbacks from one model to another for one team, day by day.
struct FallbackSeries: Sendable {
  struct ID: Hashable, Sendable {
    /// Canonical names.
    var from: String
    var to: String
    var team: Label
    var currency: Label
  }

  /// One local day of the series.
  struct DayCount: Sendable {
    var day: Day
    /// Requests that asked for the model, as far as any model answered them.
    var requests: Int64
    var fallbacks: Int64 = 0
    var excess = Money.zero
    var evidence = EvidenceSample()
  }

  var id: ID
  /// Days with traffic, in order.
  var days: [DayCount]

  /// The series of all premium fallbacks among the events, in the order of their texts.
  static func all(
    _ events: [FallbackEvent], in history: ResolvedHistory, calendar: ReportingCalendar
  ) throws -> [FallbackSeries] {
    let demand = try Demand(of: history, calendar: calendar)
    var counts: [ID: [Day: DayCount]] = [:]
    for event in events {
      guard case .premium(let excess) = event.excess else { continue }
      let id = ID(
        from: history.models.canonical(event.from), to: history.models.canonical(event.to),
        team: event.team, currency: event.currency)
      var count =
        counts[id]?[event.day] ?? DayCount(day: event.day, requests: 0)
      try count.fallbacks.add(event.requests, "fallbacks")
      try count.excess.add(excess, "excess cost")
      event.show(in: &count.evidence, history.labels)
      counts[id, default: [:]][event.day] = count
    }
    let labels = history.labels
    return counts.map { id, byDay in
      let requests = demand[id.from, id.team]
      let days = Set(requests.keys).union(byDay.keys).sorted().map { day in
        var count = byDay[day] ?? DayCount(day: day, requests: 0)
        count.requests = max(requests[day] ?? 0, count.fallbacks)
        return count
      }
      return FallbackSeries(id: id, days: days.filter { $0.requests > 0 })
    }
    .sorted { TextOrder.precedes($0.texts(labels), $1.texts(labels)) }
  }

  /// From, to, team, currency.
  func texts(_ labels: LabelTable) -> [String] {
    [id.from, id.to, labels.text(id.team), labels.text(id.currency)]
  }
}

/// How many answered requests asked for each model, by team and local day.
private struct Demand {
  private struct Key: Hashable {
    var model: String
    var team: Label
  }

  private let requests: [Key: [Day: Int64]]

  init(of history: ResolvedHistory, calendar: ReportingCalendar) throws {
    let reader = CellReader(history.cells)
    let days = DayReader(calendar)
    var requests: [Key: [Day: Int64]] = [:]
    try history.forEachRow(in: history.range) { row in
      let cell = reader[row.cell]
      guard cell.status == .ok else { return }
      let isFallback = cell.route == .fallback
      let asked = isFallback && !cell.routeFrom.isNone ? cell.routeFrom : cell.requestModel
      let model = isFallback && !asked.isNone ? asked : cell.billedModel
      let key = Key(model: history.models.canonical(model), team: cell.team)
      try requests[key, default: [:]][days[row.bucket], default: 0]
        .add(row.measures.requests, "requests")
    }
    self.requests = requests
  }

  subscript(model: String, team: Label) -> [Day: Int64] {
    requests[Key(model: model, team: team)] ?? [:]
  }
}
