import Billing

/// Writes the document form of a price book as JSON: a header, then one entry a line, by id, so that
/// a diff of two books reads as the list of what changed.
struct PriceBookWriter {
  /// Named fallbacks of the header.
  private let profiles: [(name: String, fallbacks: [TokenBucket: RateFallback])]
  /// Token rates are quoted for a million.
  private static let per: Int64 = 1_000_000

  init(profiles: [(name: String, fallbacks: [TokenBucket: RateFallback])]) {
    self.profiles = profiles
  }

  /// The text of a whole book, ending with a newline.
  ///
  /// - Parameter command: what made it, for whoever wants to make it again; empty for none.
  func text(id: String, command: String = "", sources: [PriceSource], entries: [PriceEntry])
    -> String
  {
    var text = #"{"version":1,"id":"# + JSONText.string(id) + ",\n"
    if !command.isEmpty { text += #""made_by":"# + JSONText.string(command) + ",\n" }
    text += #""sources":["#
    text += sources.map { source in
      JSONText.object([
        ("name", JSONText.string(source.name)), ("version", JSONText.string(source.version)),
        ("sha256", JSONText.string(source.sha256)),
      ])
    }.joined(separator: ",")
    text += "],\n" + #""fallbacks":"#
    text += JSONText.object(profiles.map { ($0.name, Self.fallbacks($0.fallbacks)) })
    text += ",\n" + #""entries":["# + "\n"
    text += entries.map(entry).joined(separator: ",\n")
    return text + "\n]}\n"
  }

  /// The text of a book whose id ends with a hash of all that it says.
  func text(
    prefix: String, command: String, sources: [PriceSource], entries: [PriceEntry]
  ) -> String {
    let unnamed = text(id: "", command: command, sources: sources, entries: entries)
    let hash = SHA256.hex(Array(unnamed.utf8)).prefix(12)
    return text(id: "\(prefix)-\(hash)", command: command, sources: sources, entries: entries)
  }

  func entry(_ entry: PriceEntry) -> String {
    var match = [("exact", JSONText.array(entry.names.map(JSONText.string)))]
    if !entry.aliases.isEmpty {
      match.append(("aliases", JSONText.array(entry.aliases.map(JSONText.string))))
    }
    if !entry.snapshots.isEmpty {
      match.append(("snapshots", JSONText.array(entry.snapshots.map { JSONText.string($0.name) })))
    }
    var fields = [
      ("id", JSONText.string(entry.id)),
      ("provider", JSONText.string(entry.vendor.isEmpty ? entry.provider : entry.vendor)),
    ]
    if !entry.vendor.isEmpty { fields.append(("served_by", JSONText.string(entry.provider))) }
    if !entry.regions.isEmpty {
      fields.append(("region", JSONText.array(entry.regions.map(JSONText.string))))
    }
    fields.append(("match", JSONText.object(match)))
    if !entry.modelClass.isEmpty { fields.append(("class", JSONText.string(entry.modelClass))) }
    var limits: [(String, String)] = []
    if let value = entry.contextWindow { limits.append(("context", "\(value)")) }
    if let value = entry.maxOutput { limits.append(("max_output", "\(value)")) }
    if !limits.isEmpty { fields.append(("limits", JSONText.object(limits))) }
    if !entry.capabilities.isEmpty {
      fields.append(("capabilities", JSONText.array(entry.capabilities.map(JSONText.string))))
    }
    if let day = entry.deprecated { fields.append(("deprecated", JSONText.string("\(day)"))) }
    if let day = entry.retired { fields.append(("retired", JSONText.string("\(day)"))) }
    if let name = entry.replacement { fields.append(("replacement", JSONText.string(name))) }
    if !entry.contests.isEmpty {
      fields.append(("contested", JSONText.array(entry.contests.map(Self.contest))))
    }
    fields.append(("prices", JSONText.array(entry.prices.map(price))))
    if !entry.source.isEmpty { fields.append(("source", JSONText.string(entry.source))) }
    if let day = entry.checked { fields.append(("checked", JSONText.string("\(day)"))) }
    return JSONText.object(fields)
  }

  private static func contest(_ contest: PriceEntry.Contest) -> String {
    JSONText.object([
      ("subject", JSONText.string(contest.subject)), ("chosen", JSONText.string(contest.chosen)),
      (
        "claims",
        JSONText.object(contest.claims.map { ($0.source, JSONText.string($0.amount)) })
      ),
    ])
  }

  private func price(_ price: DatedPrice) -> String {
    var fields: [(String, String)] = []
    if let from = price.from { fields.append(("from", JSONText.string("\(from)"))) }
    if let until = price.until { fields.append(("until", JSONText.string("\(until)"))) }
    if price.currency != "USD" { fields.append(("currency", JSONText.string(price.currency))) }
    fields.append(("per", "\(Self.per)"))
    fields += card(price.base, inheriting: [:], meters: price.meterRules)
    var tiers: [(String, String)] = []
    var variants: [String] = []
    for card in price.cards {
      let body = self.card(card.card, inheriting: price.base.fallbacks)
      if card.conditions.count == 1, card.conditions[0].key == PriceCondition.serviceTierKey {
        tiers.append((card.conditions[0].value, JSONText.object(body)))
      } else {
        variants.append(JSONText.object([("when", Self.conditions(card.conditions))] + body))
      }
    }
    if !tiers.isEmpty { fields.append(("service_tiers", JSONText.object(tiers))) }
    if !variants.isEmpty { fields.append(("variants", JSONText.array(variants))) }
    if price.pricesUnknownTiersAsStandard { fields.append(("other_service_tiers", "\"standard\"")) }
    if !price.multipliers.isEmpty {
      let items = price.multipliers.map { multiplier in
        let buckets = TokenBucket.allCases.filter(multiplier.buckets.contains)
        let isPart = buckets.count < TokenBucket.allCases.count
        return JSONText.object(
          [
            ("when", Self.conditions([multiplier.condition])),
            ("factor", JSONText.string("\(multiplier.factor)")),
          ]
            + (isPart
              ? [("applies_to", JSONText.array(buckets.map { JSONText.string($0.name) }))] : []))
      }
      fields.append(("multipliers", JSONText.array(items)))
    }
    if !price.timeRules.isEmpty {
      fields.append(("time_rules", JSONText.array(price.timeRules.map(Self.timeRule))))
    }
    if !price.otherRates.isEmpty {
      let rates = price.otherRates.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      let texts = rates.map { ($0.key, JSONText.string($0.value)) }
      fields.append(("other_rates", JSONText.object(texts)))
    }
    return JSONText.object(fields)
  }

  private func card(
    _ card: PriceCard, inheriting: [TokenBucket: RateFallback], meters: [Meter: MeterRule] = [:]
  ) -> [(String, String)] {
    var fields = [("rates", Self.rates(card.rates))]
    let units = PricedQuantity.allCases.dropFirst(TokenBucket.allCases.count).compactMap { unit in
      card.rates[unit].map { rate in
        var fields = [("amount", JSONText.string("\(rate)"))]
        if case .units(let meter) = unit { fields += meters[meter].map(Self.rule) ?? [] }
        return (unit.name, JSONText.object(fields))
      }
    }
    if !units.isEmpty { fields.append(("units", JSONText.object(units))) }
    if card.fallbacks != inheriting {
      let profile = profiles.first { $0.fallbacks == card.fallbacks }
      let text = profile.map { JSONText.string($0.name) } ?? Self.fallbacks(card.fallbacks)
      fields.append(("fallback", text))
    }
    if !card.contextTiers.isEmpty {
      fields.append(("context_tiers", Self.tiers(card.contextTiers, of: card)))
    }
    if !card.assumed.isEmpty {
      let readings = TokenBucket.allCases.compactMap { bucket in
        card.assumed[bucket].map { (bucket.name, JSONText.string($0)) }
      }
      fields.append(("assumed", JSONText.object(readings)))
    }
    switch card.longContext {
    case .own: break
    case .standard: fields.append(("excludes_context_tiers", "\"standard\""))
    case .unpriced: fields.append(("excludes_context_tiers", "\"unpriced\""))
    }
    return fields
  }

  private static func tiers(_ tiers: [ContextTier], of card: PriceCard) -> String {
    JSONText.array(
      tiers.map { tier in
        var fields: [(String, String)] = []
        if card.tierSelector != .inputTotal {
          fields.append(("selector", JSONText.string(card.tierSelector.name)))
        }
        fields.append(("op", JSONText.string(tier.comparison.name)))
        fields.append(("value", "\(tier.threshold)"))
        if card.tierMode != .wholeRequest {
          fields.append(("mode", JSONText.string(card.tierMode.name)))
        }
        if tier.isStandard { fields.append(("standard", "true")) }
        return JSONText.object(fields + [("rates", rates(tier.rates))])
      })
  }

  private static func rule(_ rule: MeterRule) -> [(String, String)] {
    var fields: [(String, String)] = []
    if rule.count != .each { fields.append(("count", JSONText.string(rule.count.name))) }
    if rule.minimum != .zero { fields.append(("minimum", JSONText.string("\(rule.minimum)"))) }
    if rule.step != .zero { fields.append(("step", JSONText.string("\(rule.step)"))) }
    if let free = rule.free {
      var body = [
        ("quantity", JSONText.string("\(free.quantity)")),
        ("period", JSONText.string(free.period.name)),
      ]
      if !free.group.isEmpty { body.append(("group", JSONText.string(free.group))) }
      fields.append(("free", JSONText.object(body)))
    }
    return fields
  }

  private static func rates(_ rates: Rates) -> String {
    JSONText.object(
      TokenBucket.allCases.compactMap { bucket in
        guard let rate = rates[bucket] else { return nil }
        let quoted = try? rate.multiplied(by: per, "rate")
        return quoted.map { (bucket.name, JSONText.string("\($0)")) }
      })
  }

  private static func fallbacks(_ fallbacks: [TokenBucket: RateFallback]) -> String {
    JSONText.object(
      TokenBucket.allCases.compactMap { bucket in
        fallbacks[bucket].map { (bucket.name, JSONText.string($0.name)) }
      })
  }

  private static func conditions(_ conditions: [PriceCondition]) -> String {
    JSONText.object(conditions.map { ($0.key, JSONText.string($0.value)) })
  }

  private static func timeRule(_ rule: TimeRule) -> String {
    let calendar = rule.calendar
    var fields = [("name", JSONText.string(rule.name))]
    let zone = calendar.zone.name
    if calendar.zone != .utc {
      let isOffset = zone.hasPrefix("+") || zone.hasPrefix("-")
      fields.append((isOffset ? "utc_offset" : "timezone", JSONText.string(zone)))
    }
    if calendar.weekdays.count < 7 {
      fields.append(("weekdays", JSONText.array(calendar.weekdays.map(String.init))))
    }
    let windows = calendar.windows.map { window in
      JSONText.string("\(clock(window.start))-\(clock(window.end))")
    }
    fields.append(("windows", JSONText.array(windows)))
    if !calendar.holidays.isEmpty {
      let days = calendar.holidays.map { JSONText.string("\($0)") }
      fields.append(("holidays", JSONText.array(days)))
    }
    fields.append(("rates", rates(rule.rates)))
    if !rule.contextTiers.isEmpty {
      fields.append(("context_tiers", tiers(rule.contextTiers, of: PriceCard())))
    }
    return JSONText.object(fields)
  }

  private static func clock(_ minutes: Int) -> String {
    let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    return "\(two(minutes / 60)):\(two(minutes % 60))"
  }
}

/// JSON text with keys in the given order.
enum JSONText {
  static func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { string($0.0) + ":" + $0.1 }.joined(separator: ",") + "}"
  }

  static func array(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

  static func string(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
