import Billing
import Catalog
import Documents
import Testing

/// What each importer makes of a small table of its own.
@Suite struct TableImportTests {
  private func imported(
    _ format: PriceTableFormat, _ text: String, snaps: Bool = false
  ) throws -> (table: PriceTable, made: TableImport) {
    let made = try TableImport(
      .init(file: "table-1.2.json", bytes: Array(text.utf8)), format: format,
      snapsFloatArtifacts: snaps)
    let node = try DocumentNode.read(bytes: made.book, file: "book.json")
    return (try PriceTable(reading: node), made)
  }

  private func price(_ table: PriceTable, _ provider: String, _ name: String) throws -> DatedPrice {
    try #require(table.entry(provider: provider, name: name)?.entry.currentPrice)
  }

  private func rate(_ rates: Rates, _ quantity: PricedQuantity) -> String? {
    rates[quantity].map { "\($0)" }
  }

  @Test func `a model with a bad price is left out by name and the rest is imported`() throws {
    let (table, made) = try imported(
      .litellm,
      #"""
      {"good": {"litellm_provider": "acme", "input_cost_per_token": 1e-06},
       "word": {"litellm_provider": "acme", "input_cost_per_token": "free"},
       "list": {"litellm_provider": "acme", "input_cost_per_token": [1]},
       "below": {"litellm_provider": "acme", "input_cost_per_token": -1e-06},
       "huge": {"litellm_provider": "acme", "input_cost_per_token": 1e30},
       "large": {"litellm_provider": "acme", "input_cost_per_token": 1e12},
       "fine": {"litellm_provider": "acme", "input_cost_per_token": 1e-25},
       "nobody": {"input_cost_per_token": 1e-06},
       "text": "a text"}
      """#)
    #expect(table.entries.map(\.id) == ["acme/good"])
    #expect(
      made.report.refused.map(\.model)
        == ["word", "list", "below", "huge", "large", "fine", "nobody", "text"])
    #expect(made.report.text.contains(": below.input_cost_per_token: `-1e-06`"))
  }

  @Test func `an unknown price field is counted, shown and kept`() throws {
    let (table, made) = try imported(
      .litellm,
      #"""
      {"m": {"litellm_provider": "acme", "input_cost_per_token": 1e-06, "moon_cost": 2.50e-3,
        "cache_read_input_audio_token_cost": 4e-07, "new_fee": {"per_hour": 0.1}, "max_tokens": 5},
       "n": {"litellm_provider": "acme", "input_cost_per_token": 1e-06, "moon_cost": 1}}
      """#)
    let fields = made.report.unpriced
    #expect(fields.map(\.name) == ["cache_read_input_audio_token_cost", "moon_cost", "new_fee"])
    #expect(fields.map(\.count) == [1, 2, 1])
    #expect(fields[1].example == "m: 2.50e-3")
    #expect(
      try price(table, "acme", "m").otherRates == [
        "moon_cost": "2.50e-3", "cache_read_input_audio_token_cost": "4e-07",
        "new_fee.per_hour": "0.1",
      ])
  }

  @Test func `a float artifact is kept and marked, or snapped and recorded`() throws {
    let text =
      #"{"m": {"litellm_provider": "acme", "input_cost_per_token": 2.5000000000000002e-05}}"#
    let kept = try imported(.litellm, text)
    #expect(
      rate(try price(kept.table, "acme", "m").base.rates, .tokens(.input))
        == "0.000025000000000000002")
    let snapped = try imported(.litellm, text, snaps: true)
    #expect(rate(try price(snapped.table, "acme", "m").base.rates, .tokens(.input)) == "0.000025")
    #expect(String(decoding: snapped.made.book, as: UTF8.self).contains("snap-float-artifacts"))
    for table in [kept.table, snapped.table] {
      let day = try #require(Day(year: 2026, month: 1, day: 1))
      #expect(table.remarks(on: day).map(\.kind) == [.floatArtifact])
    }
  }

  @Test func `batch without a price is half in LiteLLM's calculator, and the charge says so`()
    throws
  {
    let (table, _) = try imported(
      .litellm,
      #"""
      {"xai/g": {"litellm_provider": "xai", "input_cost_per_token": 2e-06,
        "output_cost_per_token": 4e-06, "input_cost_per_token_above_200k_tokens": 8e-06}}
      """#)
    var subject = PricingSubject()
    subject.provider = "xai"
    subject.model = "g"
    subject.serviceTier = "batch"
    let plan = BookPricer(book: table).plan(for: subject)
    var tokens = TokenUsage()
    tokens.set(.input, 200_000)
    tokens.set(.output, 1)
    let charge = try plan.charge(
      BillableUsage(time: Timestamp(microseconds: 0), tokens: tokens))
    #expect("\(charge.list)" == "0.200002")
    // The long context that the standard price knows has no batch price of its own.
    #expect(plan.lines[charge.line].tier == "batch,>=200000=batch,input=half")
  }

  @Test func `trees and patterns of genai-prices become names and dates`() throws {
    let (table, made) = try imported(
      .genaiPrices,
      #"""
      [{"id": "acme", "fallback_model_providers": ["other"], "models": [
         {"id": "m-1", "match": {"or_": [{"equals": "m-1"}, {"regex": "^m-1-\\d{8}$"},
           {"regex": "^(acme/)?m-one(-fast)?$"}]}, "prices": {"input_mtok": "1"}},
         {"id": "m-2", "match": {"starts_with": "m-2"}, "prices": [
           {"prices": {"input_mtok": "3"}},
           {"constraint": {"start_date": "2026-05-01"}, "prices": {"input_mtok": "2"}},
           {"constraint": {"start_time": "22:00:00Z", "end_time": "01:00:00Z"},
             "prices": {"input_mtok": "9"}}]},
         {"id": "later", "match": {"equals": "later"}, "prices": [
           {"constraint": {"start_date": "2026-05-01"}, "prices": {"input_mtok": "2"}}]},
         {"id": "gratis", "match": {"equals": "gratis"}, "prices": {}},
         {"id": "hours", "match": {"equals": "hours"}, "prices": {"audio_hours": "1"}},
         {"id": "odd", "match": {"equals": "odd"}, "prices": {"input_mtok": "much"}}]},
       {"id": "other", "models": [{"id": "o", "match": {"equals": "o"},
         "prices": {"input_mtok": "4"}, "price_variants": [
           {"when": {"processing": "batch"}, "prices": {"input_mtok": "2"}}]}]}]
      """#)
    let first = try #require(table.entry(provider: "acme", name: "m-1")?.entry)
    #expect(first.snapshots == [.compact])
    for name in ["m-one", "acme/m-one", "m-one-fast", "acme/m-one-fast"] {
      #expect(table.entry(provider: "acme", name: name)?.entry.snapshots == [])
    }
    let second = try #require(table.entry(provider: "acme", name: "m-2")?.entry)
    #expect(second.snapshots == [.compact, .dashed, .at])
    #expect(second.prices.map { rate($0.base.rates, .tokens(.input)) } == ["0.000003", "0.000002"])
    #expect(second.prices[0].timeRules[0].calendar.windows.map(\.start) == [1320, 0])
    let later = try #require(table.entry(provider: "acme", name: "later")?.entry)
    #expect(later.prices.map(\.from) == [Timestamp.parse(Array("2026-05-01".utf8))?.time])
    #expect(try price(table, "acme", "gratis").base.fallback(.input) == .free)
    #expect(try price(table, "acme", "hours").base.fallback(.input) == .unpriced)
    #expect(try price(table, "acme", "hours").otherRates == ["audio_hours": "1"])
    #expect(try price(table, "acme", "o").cards == [])
    #expect(try price(table, "other", "o").cards.count == 1)
    #expect(made.report.refused.map(\.model) == ["acme/odd"])
    #expect(made.report.text.contains("acme/m-2: only known names and dates stand for `m-2…`"))
  }

  @Test func `names that somebody gives are asked of the conditions too`() throws {
    let table =
      #"[{"id": "acme", "models": [{"id": "m", "match": {"contains": "m-"}, "prices": {"input_mtok": "1"}}]}]"#
    let input = PriceBookBuild.Input(file: "t.json", bytes: Array(table.utf8))
    for (names, isFound) in [([], false), (["acme/big-M-9"], true)] {
      let made = try TableImport(input, format: .genaiPrices, names: names)
      let node = try DocumentNode.read(bytes: made.book, file: "book.json")
      let book = try PriceTable(reading: node)
      #expect((book.entry(provider: "acme", name: "big-m-9") != nil) == isFound)
    }
  }

  @Test func `OpenRouter's list gives rates, discount and long prompts`() throws {
    let (table, made) = try imported(
      .openrouter,
      #"""
      {"data": [{"id": "a/m", "canonical_slug": "a/m-2026", "pricing": {"prompt": "0.000002",
        "completion": "0.00001", "internal_reasoning": "0", "web_search": "0.01", "image": "0.003",
        "request": "0.001", "discount": 0.5,
        "overrides": [{"min_prompt_tokens": 1000, "prompt": "0.000004"}]}},
       {"id": "openrouter/auto", "pricing": {"prompt": "-1", "completion": "-1"}}]}
      """#)
    let found = try #require(table.entry(provider: "openrouter", name: "a/m-2026"))
    #expect(found.isAlias)
    let price = try price(table, "openrouter", "a/m")
    #expect(rate(price.base.rates, .tokens(.input)) == "0.000001")
    #expect(rate(price.base.rates, .tokens(.reasoning)) == nil)
    #expect(rate(price.base.rates, .units(.webSearches)) == "0.005")
    #expect(rate(price.base.rates, .requests) == "0.0005")
    #expect(price.base.contextTiers.map(\.name) == [">=1000"])
    #expect(price.base.fallback(.cacheRead) == .unpriced)
    #expect(price.otherRates == ["discount": "0.5", "image": "0.003"])
    #expect(made.report.refused.map(\.model) == ["openrouter/auto"])
  }

  @Test func `models.dev gives rates for a million, tiers and modes`() throws {
    let (table, made) = try imported(
      .modelsDev,
      #"""
      {"xai": {"models": {"g": {"limit": {"context": 9, "output": 8}, "cost": {"input": 2,
        "output": 6, "cache_read": 0.5, "cache_input": 1,
        "tiers": [{"input": 4, "tier": {"type": "context", "size": 200000}}],
        "context_over_200k": {"input": 5}},
        "experimental": {"modes": {"fast": {"cost": {"input": 8}}}}},
        "old": {"cost": {"input": 1, "output": 1, "context_over_200k": {"input": 3}}},
        "none": {"cost": null}}}}
      """#)
    let price = try price(table, "xai", "g")
    #expect(price.base.contextTiers.map { rate($0.rates, .tokens(.input)) } == ["0.000004"])
    #expect(price.cards.map { $0.conditions.map(\.name) } == [["speed=fast"]])
    #expect(rate(price.cards[0].card.rates, .tokens(.input)) == "0.000008")
    #expect(price.otherRates == ["cache_input": "1"])
    #expect(try self.price(table, "xai", "old").base.contextTiers.map(\.name) == [">200000"])
    #expect(table.entry(provider: "xai", name: "none") == nil)
    #expect(made.report.remarks.map(\.model) == ["xai/none"])
  }

  @Test func `Langfuse's patterns and tiers become names, dates and cards`() throws {
    let (table, made) = try imported(
      .langfuse,
      #"""
      [{"modelName": "c", "matchPattern": "(?i)^(anthropic\\/)?(claude-c-5(-20260101)?|(eu\\.|us\\.)?anthropic\\.claude-c-5-v1(:0)?|claude-c-5@20260101)$",
        "pricingTiers": [{"conditions": [], "prices": {"input": 5e-6, "input_tokens": 5e-6,
          "output": 25e-6, "input_cache_creation_1h": 10e-6, "moon": 1}},
         {"conditions": [{"usageDetailPattern": "(input|prompt|cached)", "operator": "gt",
           "value": 200000}], "prices": {"input": 6e-6}},
         {"conditions": [{"source": "model_parameters", "key": "service_tier", "operator": "in",
           "values": ["flex", "batch"]}], "prices": {"input": 2e-6}}]},
       {"modelName": "gpt-x", "matchPattern": "(?i)^gpt-x(-\\d{4}-\\d{2}-\\d{2})?$",
        "prices": {"total": 1e-7}},
       {"modelName": "any", "matchPattern": "^gpt-any.*$", "prices": {"input": 1e-7}},
       {"modelName": "two", "matchPattern": "^two$",
        "prices": {"input": 1e-7, "input_tokens": 2e-7}}]
      """#)
    let price = try price(table, "anthropic", "claude-c-5")
    #expect(price.base.contextTiers.map(\.name) == [">200000"])
    #expect(price.cards.map { $0.conditions.map(\.name) } == [["batch"], ["flex"]])
    #expect(rate(price.base.rates, .tokens(.cacheWrite1h)) == "0.00001")
    #expect(price.otherRates == ["moon": "1"])
    #expect(table.entry(provider: "bedrock", name: "eu.anthropic.claude-c-5-v1:0") != nil)
    #expect(table.entry(provider: "vertex", name: "claude-c-5@20260101") != nil)
    #expect(table.entry(provider: "openai", name: "gpt-x")?.entry.snapshots == [.dashed])
    #expect(made.report.refused.map(\.model) == ["two"])
    #expect(made.report.text.contains("any: only its own name stands for /^gpt-any.*$/"))
  }

  @Test func `TokenMix's list gives rates for a million, and no price where none applies`() throws {
    let (table, _) = try imported(
      .tokenmix,
      #"""
      {"code": 0, "data": [
        {"model_id": "d/m", "short_id": "m", "model_type": "chat", "input_price": 0.13,
         "output_price": 0.27, "image_price": 0, "video_price": 0, "status": 1},
        {"model_id": "i", "model_type": "image", "input_price": 0, "output_price": 0,
         "image_price": 0.02, "video_price": 0, "status": 1}]}
      """#)
    let chat = try price(table, "tokenmix", "m").base.rates
    #expect(rate(chat, .tokens(.input)) == "0.00000013")
    #expect(rate(chat, .units(.images)) == nil)
    let image = try price(table, "tokenmix", "i").base.rates
    #expect(rate(image, .units(.images)) == "0.02")
    #expect(rate(image, .tokens(.input)) == nil)
  }
}
