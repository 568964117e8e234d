import Billing
import Catalog
import Documents
import Testing

/// Two small tables with values of their own, and what the book makes of them.
@Suite struct PriceBookBuildTests {
  private static let litellm = #"""
    {"sample_spec": {"litellm_provider": "one of many"},
     "gpt-9": {"litellm_provider": "openai", "mode": "chat", "max_input_tokens": 1000,
       "max_output_tokens": 100, "deprecation_date": "2027-01-31", "supports_vision": true,
       "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06,
       "cache_read_input_token_cost": 5e-07, "input_cost_per_token_batches": 1e-06,
       "output_cost_per_token_batches": 4e-06, "output_cost_per_reasoning_token": 8e-06,
       "input_cost_per_token_above_200k_tokens": 4e-06, "strange_cost_per_moon": 1},
     "acme/broken": {"litellm_provider": "acme", "mode": "chat", "output_cost_per_token": 1e-06},
     "acme/float": {"litellm_provider": "acme", "mode": "chat",
       "input_cost_per_token": 1.5000020000000002e-05, "output_cost_per_token": 0},
     "xai/grok-9": {"litellm_provider": "xai", "mode": "chat", "input_cost_per_token": 1e-06,
       "output_cost_per_token": 2e-06, "input_cost_per_token_above_200k_tokens": 2e-06},
     "dashscope/qwen9": {"litellm_provider": "dashscope", "mode": "chat", "tiered_pricing": [
       {"range": [0, 32000.0], "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06},
       {"range": [32000.0, 128000.0], "input_cost_per_token": 3e-06, "output_cost_per_token": 4e-06}]}}
    """#

  private static let genai = #"""
    [{"id": "openai", "models": [
       {"id": "gpt-9", "match": {"or_": [{"equals": "gpt-9"}, {"regex": "^gpt-9-\\d{4}"}]},
        "context_window": 999,
        "prices": [{"prices": {"input_mtok": "3", "output_mtok": "12"}},
          {"constraint": {"start_date": "2026-03-01"},
           "prices": {"input_mtok": "2", "output_mtok": "9", "cache_write_mtok": "2.5"}}],
        "price_variants": [{"when": {"service_tier": "flex"}, "prices": {"input_mtok": "1"}}]},
       {"id": "only-here", "match": {"or_": [{"equals": "only-here"}, {"equals": "only-here-1"}]},
        "prices": {"input_mtok": {"base": "1", "tiers": [{"start": 100, "price": "2"}]}}}]}]
    """#

  private func build(overlay: String = "version: 1\nid: none\nentries: []\n") throws
    -> PriceBookBuild
  {
    try PriceBookBuild(
      litellm: .init(file: "litellm-9.9.json", bytes: Array(Self.litellm.utf8)),
      genaiPrices: .init(file: "genai.json", bytes: Array(Self.genai.utf8)),
      overlay: .init(file: "overlay.yaml", bytes: Array(overlay.utf8)),
      asOf: try #require(Day(year: 2026, month: 11, day: 20)))
  }

  private func table(_ build: PriceBookBuild) throws -> PriceTable {
    try PriceTable(reading: try DocumentNode.read(bytes: build.book, file: "book.json"))
  }

  private func entry(_ provider: String, _ name: String) throws -> PriceEntry? {
    try table(try build()).entry(provider: provider, name: name)?.entry
  }

  @Test func `the same tables give the same bytes, one entry a line`() throws {
    let build = try build()
    #expect(try self.build().book == build.book)
    #expect(try self.build().index == build.index)
    let text = String(decoding: build.book, as: UTF8.self)
    let ids = text.split(separator: "\n").filter { $0.hasPrefix(#"{"id":"#) }
    #expect(ids.count == 6)
    #expect(ids == ids.sorted())
    #expect(text.contains(#""name":"litellm","version":"9.9","sha256":""#))
    #expect(build.reports[0].unpriced.map(\.name) == ["strange_cost_per_moon"])
  }

  @Test func `history comes from the dated table and breadth from the other`() throws {
    let entry = try #require(try entry("openai", "gpt-9"))
    #expect(entry.prices.map(\.from) == [nil, Timestamp.parse(Array("2026-03-01".utf8))?.time])
    #expect(entry.prices[0].base.rates[.input]?.description == "0.000003")
    #expect(entry.prices[0].cards.count == 1)
    let current = entry.prices[1]
    #expect(current.base.rates[.cacheRead]?.description == "0.0000005")
    #expect(current.base.rates[.cacheWrite5m]?.description == "0.0000025")
    #expect(current.base.contextTiers.map(\.name) == [">200000"])
    #expect(current.cards.map { $0.conditions[0].name } == ["batch", "flex"])
    #expect(entry.contextWindow == 1000)
    #expect(entry.deprecated == Day(year: 2027, month: 1, day: 31))
    #expect(entry.capabilities == ["chat", "vision"])
  }

  @Test func `a disagreement on a current price is recorded with both values`() throws {
    let contests = try #require(try entry("openai", "gpt-9")).contests
    #expect(contests.map(\.subject) == ["output"])
    #expect(contests[0].chosen == "litellm")
    #expect(contests[0].claims.map(\.amount) == ["0.000009", "0.000008"])
  }

  @Test func `reasoning at the output's rate is no rate of its own`() throws {
    let entry = try #require(try entry("openai", "gpt-9"))
    #expect(entry.prices[1].base.rates[.reasoning] == nil)
  }

  @Test func `a batch card is never filled from the standard card`() throws {
    let entry = try #require(try entry("openai", "gpt-9"))
    let batch = entry.prices[1].cards[0].card
    #expect(batch.rates[.cacheRead] == nil)
    #expect(batch.contextTiers.isEmpty)
  }

  @Test func `a float artifact keeps its literal and is marked`() throws {
    let entry = try #require(try entry("acme", "float"))
    #expect(entry.prices[0].base.rates[.input]?.description == "0.000015000020000000002")
    #expect(entry.contests[0].claims.map(\.amount) == ["0.000015000020000000002", "0.00001500002"])
  }

  @Test func `the operator of a context tier is data`() throws {
    let grok = try #require(try entry("xai", "grok-9"))
    #expect(grok.prices[0].base.contextTiers.map(\.name) == [">=200000"])
    let qwen = try #require(try entry("dashscope", "qwen9"))
    #expect(qwen.prices[0].base.contextTiers.map(\.name) == [">32000"])
    #expect(qwen.prices[0].base.rates[.output]?.description == "0.000002")
  }

  @Test func `a model of one table keeps its names`() throws {
    let found = try table(try build()).entry(provider: "openai", name: "ONLY-HERE-1")
    #expect(found?.isAlias == true)
    #expect(found?.entry.prices[0].base.contextTiers.map(\.name) == [">100"])
  }

  @Test func `the overlay stands before both tables`() throws {
    let overlay = """
      version: 1
      id: overlay
      entries:
        - {id: openai/gpt-9, provider: openai, match: {exact: [gpt-9]}, prices: [{rates: {input: "7"}}]}
      """
    let table = try table(try build(overlay: overlay))
    #expect(
      table.entry(provider: "openai", name: "gpt-9")?.entry.prices[0].base.rates[.input]
        == (try Money(literal: "7")))
  }

  @Test func `the embedded book is the one that the reader accepts`() throws {
    let book = try BuiltInPriceBook()
    let entries = book.entries
    #expect(entries.count > 5000)
    #expect(book.sources.map(\.name) == ["litellm", "genai-prices", "overlay", "builder"])
    #expect(Set(entries.map(\.id)).count == entries.count)
    for entry in entries.prefix(200) {
      #expect(book.entry(provider: entry.provider, name: entry.names[0])?.entry == entry)
    }
    #expect(book.entry(provider: "openai", name: "no-such-model") == nil)
    #expect(book.entry(provider: "", name: "") == nil)
    #expect(book.providers(of: "gpt-4o").contains("openai"))
  }
}
