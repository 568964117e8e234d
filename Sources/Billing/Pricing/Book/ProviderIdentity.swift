/// The book's spelling of providers, from all that gateways, SDKs and price tables call them.
///
/// The one place for it. A spelling that is not listed is its own identity, in lower case.
public enum ProviderIdentity {
  /// The book's spelling.
  ///
  /// - Complexity: O(*n*) in the length.
  public static func canonical(_ text: String) -> String {
    let lower = text.asciiLowercased
    let squeezed = String(
      decoding: lower.utf8.filter { ($0 >= 97 && $0 <= 122) || $0.isASCIIDigit }, as: UTF8.self)
    if let known = bySqueezed[squeezed] { return known }
    return squeezed.utf8.starts(with: "vertexai".utf8) ? "vertex" : lower
  }

  /// Providers whose prices hold where the book has none for the provider itself, as declared by
  /// the price tables: genai-prices prices Azure by OpenAI's list, and Google's two doors have one.
  public static func fallbacks(of provider: String) -> [String] {
    switch provider {
    case "azure": ["azure_ai", "openai"]
    case "azure_ai": ["azure"]
    case "google": ["vertex"]
    case "vertex": ["google"]
    case "meta": ["meta_llama"]
    default: []
    }
  }

  /// Gateways that publish a price list of their own.
  public static let pricedGateways = [
    "openrouter": "openrouter", "tokenmix": "tokenmix", "vercel": "vercel_ai_gateway",
  ]

  /// The vendor that makes a model, by how its names begin; `nil` when no vendor is known.
  public static func vendor(of model: String) -> String? {
    let model = model.asciiLowercased
    return families.first { family in
      family.prefixes.contains { model.utf8.starts(with: $0.utf8) }
    }?.provider
  }

  /// The provider is the maker of models, not a relay.
  public static func isVendor(_ provider: String) -> Bool {
    families.contains { $0.provider == provider }
  }

  private static let families: [(provider: String, prefixes: [String])] = [
    ("anthropic", ["claude"]),
    ("cohere", ["command", "c4ai-", "embed-english", "embed-multilingual", "embed-v", "rerank-"]),
    ("dashscope", ["qwen", "qwq", "qvq"]),
    ("deepseek", ["deepseek"]),
    ("google", ["gemini", "gemma", "imagen", "lyria", "veo"]),
    ("meta", ["llama", "muse-"]),
    ("minimax", ["minimax", "abab"]),
    (
      "mistral",
      [
        "codestral", "devstral", "labs-devstral", "magistral", "ministral", "mistral", "mixtral",
        "open-mi", "pixtral", "voxtral",
      ]
    ),
    ("moonshot", ["kimi", "moonshot"]),
    (
      "openai",
      [
        "babbage", "chatgpt", "codex-mini", "computer-use", "dall-e", "davinci", "ft:gpt", "gpt-",
        "o1", "o3", "o4", "omni-moderation", "sora", "text-embedding-3", "text-embedding-ada",
        "tts-1",
        "whisper-1",
      ]
    ),
    ("perplexity", ["sonar"]),
    ("voyage", ["voyage"]),
    ("xai", ["grok"]),
    ("zai", ["glm"]),
  ]

  private static let bySqueezed: [String: String] = {
    var table: [String: String] = [:]
    for (provider, spellings) in spellings {
      for spelling in spellings.split(separator: " ") { table[String(spelling)] = provider }
    }
    return table
  }()

  /// Spellings without punctuation and spaces.
  private static let spellings: [(String, String)] = [
    ("anthropic", "anthropic claude anthropicapi"),
    ("azure", "azure azureopenai azureopenaiservice azuretext azazureaiopenai microsoftazure"),
    ("azure_ai", "azureai azureaifoundry azurefoundry azureaiinference azazureaiinference"),
    ("bedrock", "bedrock bedrockconverse amazonbedrock awsbedrock aws amazon"),
    ("cerebras", "cerebras"),
    ("cloudflare", "cloudflare cloudflareworkersai workersai"),
    ("cohere", "cohere coherechat"),
    ("dashscope", "dashscope alibaba alibabacloud alicloud aliyun bailian modelstudio qwen"),
    ("deepinfra", "deepinfra"),
    ("deepseek", "deepseek deepseekai"),
    ("fireworks", "fireworks fireworksai fireworksaiembeddingmodels"),
    ("github_copilot", "githubcopilot copilot"),
    ("google", "google gemini googleai googleaistudio googlegemini googlegenai gcpgemini gcpgenai"),
    ("groq", "groq"),
    ("meta_llama", "metallama llamaapi"),
    ("minimax", "minimax minimaxai"),
    ("mistral", "mistral mistralai textcompletioncodestral codestral"),
    ("moonshot", "moonshot moonshotai kimi"),
    ("nebius", "nebius nebiusai nebiusaistudio nebiustokenfactory"),
    ("novita", "novita novitaai"),
    ("openai", "openai openaiapi textcompletionopenai"),
    ("openrouter", "openrouter openrouterai"),
    ("perplexity", "perplexity perplexityai"),
    ("sambanova", "sambanova sambanovacloud"),
    ("together", "together togetherai"),
    ("vercel_ai_gateway", "vercel vercelaigateway"),
    ("vertex", "vertex vertexai googlevertex googlevertexai gcpvertexai gcpvertex"),
    ("voyage", "voyage voyageai"),
    ("xai", "xai"),
    ("zai", "zai"),
    ("zhipuai", "zhipu zhipuai bigmodel"),
  ]
}
