import Billing
import Testing

@Suite struct ModelNameTests {
  /// Text, canonical form.
  static let names: [(String, String)] = [
    ("gpt-4o", "gpt-4o"),
    ("GPT-4o-2024-08-06", "gpt-4o"),
    ("gpt-4o-2024-02-30", "gpt-4o-2024-02-30"),
    ("gpt-5.6-sol-2099-13-45", "gpt-5.6-sol-2099-13-45"),
    ("gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
    ("gpt-3.5-turbo-0125", "gpt-3.5-turbo"),
    ("azure/gpt-35-turbo", "gpt-3.5-turbo"),
    ("gpt-35-turbo-16k", "gpt-3.5-turbo-16k"),
    ("models/gemini-2.5-pro", "gemini-2.5-pro"),
    ("publishers/google/models/gemini-2.5-pro", "gemini-2.5-pro"),
    (
      "projects/p/locations/us/publishers/anthropic/models/claude-sonnet-4-5@20250929",
      "claude-sonnet-4-5"
    ),
    ("vertex_ai/claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
    (
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
      "claude-sonnet-4-5"
    ),
    (
      "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc",
      "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc"
    ),
    ("bedrock/eu-west-1/anthropic.claude-v2:1", "claude"),
    ("us-gov.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5"),
    ("us.unknown-model", "us.unknown-model"),
    ("openrouter/anthropic/claude-opus-4.8", "claude-opus-4-8"),
    ("anthropic/claude-4.6-sonnet-20260217", "claude-sonnet-4-6"),
    ("claude-4-sonnet-20250514", "claude-sonnet-4"),
    ("claude-3.5-sonnet", "claude-3-5-sonnet"),
    ("claude-sonnet-4-5[1m]", "claude-sonnet-4-5"),
    ("@my-openai/gpt-4o", "gpt-4o"),
    ("@cf/meta/llama-3-8b", "@cf/meta/llama-3-8b"),
    ("accounts/fireworks/models/deepseek-v3", "deepseek-v3"),
    ("google/gemma-3-27b-it:free", "gemma-3-27b-it"),
    ("ft:gpt-4o-2024-08-06:acme::free", "ft:gpt-4o-2024-08-06:acme::free"),
    ("llama3:8b", "llama3:8b"),
    ("kimi-k2-0905", "kimi-k2"),
    ("mistral-large-2411", "mistral-large"),
    ("nomic-embed-8192", "nomic-embed-8192"),
    ("gpt-4-32k", "gpt-4-32k"),
    ("claude-3-haiku@default", "claude-3-haiku"),
    ("", ""),
    ("-20250101", "-20250101"),
    ("models/", "models/"),
  ]

  @Test(arguments: names) func `a name has one canonical form`(text: String, canonical: String) {
    #expect(ModelName.canonical(text) == canonical)
    #expect(ModelName.canonical(ModelName.canonical(text)) == ModelName.canonical(text))
  }

  @Test func `candidates run from the least to the most stripped`() {
    #expect(
      ModelName.candidates("bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0") == [
        "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "claude-sonnet-4-5-20250929-v1:0",
        "claude-sonnet-4-5-20250929",
        "claude-sonnet-4-5",
      ])
    #expect(
      ModelName.candidates("openai/gpt-4o-2024-08-06:nitro") == [
        "openai/gpt-4o-2024-08-06:nitro", "gpt-4o-2024-08-06:nitro", "gpt-4o-2024-08-06", "gpt-4o",
      ])
  }

  /// First, second, whether they are one model.
  static let pairs: [(String, String, Bool)] = [
    ("gpt-4o", "gpt-4o-2024-08-06", true),
    ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06", false),
    ("gpt-4o", "gpt-4o-mini", false),
    ("gpt-4o", "gpt-4o-mini-2024-07-18", false),
    ("openai/gpt-4o", "azure/gpt-4o-2024-08-06", true),
    ("claude-sonnet-4-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", true),
    ("anthropic/claude-opus-4.8", "claude-4.8-opus-20260401", true),
    ("google/gemma-3:free", "gemma-3", true),
    ("gpt-3.5-turbo-0125", "gpt-3.5-turbo-1106", false),
    ("gpt-35-turbo", "gpt-3.5-turbo-0125", true),
    ("o3", "o3-pro", false),
    ("kimi-k2", "kimi-k2-0905", true),
  ]

  @Test(arguments: pairs) func `a snapshot is its model and two snapshots are two`(
    first: String, second: String, same: Bool
  ) {
    #expect(ModelName.isSameModel(first, second) == same)
    #expect(ModelName.isSameModel(second, first) == same)
  }

  @Test(arguments: [
    "openrouter/auto", "auto", "model-router", "azure/model-router", "dynamic/support",
    "@prod/gpt-4o", "@preset/x", "gpt-4o-latest", "claude-3-5-sonnet-latest", "openrouter/fusion",
    "model-router-2025-11-18", "Auto",
  ])
  func `a router's alias is no model`(text: String) {
    #expect(ModelName.isRouterAlias(text))
  }

  @Test(arguments: ["gpt-4o", "@cf/meta/llama-3", "openrouter/horizon-alpha", "latest-model", ""])
  func `a model is no router's alias`(text: String) {
    #expect(!ModelName.isRouterAlias(text))
  }

  @Test func `a variant is the suffix of a slug`() {
    #expect(ModelName.variant(of: "google/gemma-3:free") == "free")
    #expect(ModelName.variant(of: "openai/gpt-4o-2024-08-06:nitro") == "nitro")
    #expect(ModelName.variant(of: "llama3:8b") == nil)
    #expect(ModelName.variant(of: "gpt-4o") == nil)
  }

  @Test func `names differ by bytes and not by canonical equivalence`() {
    #expect(!ModelName.isSameModel("caf\u{E9}", "cafe\u{301}"))
  }

  /// Names put together from the parts that names are made of, in an order that never changes.
  @Test func `any text has forms that end in its canonical name`() {
    let parts = [
      "", "/", ":", "@", "-", ".", "[1m]", "models/", "arn:aws:bedrock:x:1:inference-profile/",
      "us.",
      "anthropic.", "claude-", "opus", "4.8", "-20250929", "-2025-02-30", "-0125", "-v1:0", ":48k",
      ":free", "azure/", "openrouter/", "us-east-1/", "gpt-35", "\u{E9}", "\u{0}", "ft:",
      "projects/",
    ]
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      var text = ""
      for _ in 0..<6 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += parts[Int(state >> 33) % parts.count]
      }
      let name = ModelName(text)
      #expect(name.forms.last?.text == name.canonical)
      #expect(name.forms[0].text.utf8.count == text.utf8.count)
      #expect(ModelName.isSameModel(text, text))
    }
  }
}
