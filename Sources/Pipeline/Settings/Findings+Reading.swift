import Billing
import Documents
import Insights

extension ConfiguredModel {
  private static let keys = [
    "model", "provider", "keys", "configured_since", "released", "monthly_commitment",
    "capacity_tokens_per_minute", "daily_limit", "limit_tokens_per_minute", "waiver",
  ]

  /// Reads an item of `models:`: a name, or a mapping.
  init(reading node: DocumentNode) throws(DocumentError) {
    if node.scalar != nil {
      self.init(model: try node.text())
      return
    }
    let map = try node.mapping(allowing: Self.keys)
    self.init(
      model: try map.required("model").text(),
      provider: try map.optional("provider")?.text() ?? "",
      keys: try map.optional("keys")?.textOrTexts() ?? [])
    configuredSince = try map.optional("configured_since")?.day()
    released = try map.optional("released")?.day()
    monthlyCommitment = try map.optional("monthly_commitment")?.amount()
    capacityTokensPerMinute = try map.optional("capacity_tokens_per_minute")?.int(in: 1...(1 << 40))
    dailyLimit = try map.optional("daily_limit")?.amount()
    limitTokensPerMinute = try map.optional("limit_tokens_per_minute")?.int(in: 1...(1 << 40))
    if let waiver = try map.optional("waiver")?.mapping(allowing: ["owner", "until"]) {
      self.waiver = Waiver(
        owner: try waiver.required("owner").text(), until: try waiver.required("until").day())
    }
  }
}

extension FallbackSettings {
  mutating func read(_ node: DocumentNode) throws(DocumentError) {
    let map = try node.mapping(allowing: [
      "premium_ratio", "premium_difference", "inference_seconds", "recovery_seconds", "spike",
    ])
    try map.set(&premiumRatio, "premium_ratio")
    try map.set(&premiumDifference, "premium_difference")
    try map.set(&inferenceSeconds, "inference_seconds", in: 1...86_400)
    try map.set(&recoverySeconds, "recovery_seconds", in: 1...86_400)
    guard
      let map = try map.optional("spike")?.mapping(allowing: [
        "baseline_days", "minimum_baseline_days", "minimum_requests", "minimum_fallbacks",
        "share_ratio", "minimum_excess", "minimum_share_of_spend",
      ])
    else { return }
    try map.set(&spike.baselineDays, "baseline_days", in: 7...400)
    try map.set(&spike.minimumBaselineDays, "minimum_baseline_days", in: 1...400)
    try map.set(&spike.minimumRequests, "minimum_requests", in: 1...(1 << 40))
    try map.set(&spike.minimumFallbacks, "minimum_fallbacks", in: 1...(1 << 40))
    try map.set(&spike.shareRatio, "share_ratio")
    try map.set(&spike.minimumExcess, "minimum_excess")
    try map.set(&spike.minimumShareOfSpend, "minimum_share_of_spend")
  }
}

extension IdleSettings {
  mutating func read(_ node: DocumentNode) throws(DocumentError) {
    let map = try node.mapping(allowing: [
      "commitment_days", "commitment_utilisation", "dormant_days", "minimum_history_days",
      "active_key_days", "configured_days", "peer_ratio", "blended_input", "rare_share",
      "overpaid_ratio", "substitute_requests", "minimum_money", "book_only_limit",
    ])
    try map.set(&commitmentDays, "commitment_days", in: 1...400)
    try map.set(&commitmentUtilisation, "commitment_utilisation")
    try map.set(&dormantDays, "dormant_days", in: 1...400)
    try map.set(&minimumHistoryDays, "minimum_history_days", in: 1...400)
    try map.set(&activeKeyDays, "active_key_days", in: 1...400)
    try map.set(&configuredDays, "configured_days", in: 0...400)
    try map.set(&peerRatio, "peer_ratio", in: 1...1_000_000)
    try map.set(&blendedInput, "blended_input", in: 0...1000)
    try map.set(&rareShare, "rare_share")
    try map.set(&overpaidRatio, "overpaid_ratio")
    try map.set(&substituteRequests, "substitute_requests", in: 1...(1 << 40))
    try map.set(&minimumMoney, "minimum_money")
    try map.set(&bookOnlyLimit, "book_only_limit", in: 0...1000)
  }
}

extension MarkupSettings {
  mutating func read(_ node: DocumentNode) throws(DocumentError) {
    let map = try node.mapping(allowing: [
      "declared_percent", "minimum_list", "minimum_requests", "tolerance", "standard_errors",
    ])
    for (gateway, percent) in try map.optional("declared_percent")?.mapping(allowing: nil).all ?? []
    {
      declared[gateway] = try percent.percentage()
    }
    try map.set(&minimumList, "minimum_list")
    try map.set(&minimumRequests, "minimum_requests", in: 1...(1 << 40))
    try map.set(&tolerance, "tolerance")
    try map.set(&standardErrors, "standard_errors", in: 0...100)
  }
}

/// Settings that keep their default when the file does not name them.
extension DocumentMapping {
  fileprivate func set(_ value: inout ExactDecimal, _ key: String) throws(DocumentError) {
    if let node = optional(key) { value = try node.nonNegative() }
  }

  fileprivate func set(_ value: inout Money, _ key: String) throws(DocumentError) {
    if let node = optional(key) { value = try node.nonNegativeMoney() }
  }

  fileprivate func set<Number: FixedWidthInteger>(
    _ value: inout Number, _ key: String, in range: ClosedRange<Int64>
  ) throws(DocumentError) {
    if let node = optional(key) { value = Number(clamping: try node.int(in: range)) }
  }
}
