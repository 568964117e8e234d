/// The parts that gateways and clouds put around a model's name.
enum ModelNameData {
  /// Bedrock's geographic inference profiles.
  static let bedrockRegions: [StaticString] = [
    "us.", "eu.", "apac.", "jp.", "au.", "ca.", "sa.", "uk.", "us-gov.", "global.",
  ]

  static let bedrockVendors: [StaticString] = [
    "ai21.", "amazon.", "anthropic.", "cohere.", "deepseek.", "google.", "luma.", "meta.",
    "minimax.", "mistral.", "moonshot.", "moonshotai.", "nvidia.", "openai.", "qwen.", "stability.",
    "twelvelabs.", "writer.", "zai.",
  ]

  /// Suffixes of OpenRouter's slugs.
  static let variants = [
    "beta", "exacto", "extended", "floor", "free", "nitro", "online", "thinking",
  ]

  /// Names, after any prefix, that ask a router to choose.
  static let routers: Set<String> = [
    "auto", "auto-route", "auto-router", "default-router", "model-router",
  ]

  /// Whether a name's first segment is the provider of LiteLLM or OpenRouter, not a part of the name.
  static func isProvider(_ segment: ArraySlice<UInt8>) -> Bool {
    providers.contains(Array(segment))
  }

  private static let providers: Set<[UInt8]> = Set(
    """
    ai21 aihubmix aiml amazon amazon-nova anthropic anyscale azure azure_ai azure_openai baseten
    bedrock bedrock_converse bedrock_mantle cerebras chatgpt cloudflare codestral cohere cohere_chat
    converse crusoe databricks dashscope deepinfra deepseek featherless_ai fireworks_ai friendliai
    gemini github github_copilot gmi google gradient_ai groq heroku huggingface hyperbolic invoke
    lambda_ai lm_studio meta meta_llama minimax mistral mistralai moonshot moonshotai nebius novita
    nscale nvidia_nim oci ollama ollama_chat openai openrouter ovhcloud perplexity publicai qwen
    qwencloud replicate sagemaker sambanova scaleway snowflake stability text-completion-codestral
    text-completion-openai together_ai v0 vercel_ai_gateway vertex_ai vertex_ai_beta vllm volcengine
    voyage wandb watsonx x-ai xai z-ai zai
    """.split(whereSeparator: \.isWhitespace).map { Array($0.utf8) })
}

/// Spellings that mean one model.
enum ModelSpelling {
  private static let claudeFamilies = ["fable", "haiku", "mythos", "opus", "sonnet"]

  /// The vendor's spelling; `nil` when the name already has it or has no other.
  static func canonical(_ name: ArraySlice<UInt8>) -> [UInt8]? {
    guard let start = modelStart(name) else { return nil }
    let head = name[..<start]
    let model = name[start...]
    if model.starts(with: "gpt-35".utf8), model.count == 6 || model[start + 6] == 45 {
      return head + Array("gpt-3.5".utf8) + model.dropFirst(6)
    }
    guard model.starts(with: "claude-".utf8) else { return nil }
    let spelt = claude(Array(model))
    return spelt.elementsEqual(model) ? nil : head + spelt
  }

  /// Where the model begins after slashes: `anthropic/claude-opus-4.8`.
  private static func modelStart(_ name: ArraySlice<UInt8>) -> Int? {
    guard !name.isEmpty else { return nil }
    return name.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? name.startIndex
  }

  /// `claude-opus-4.8` and `claude-4.8-opus` as `claude-opus-4-8`. Before version 4 the number stands
  /// first in Anthropic's own names.
  private static func claude(_ model: [UInt8]) -> [UInt8] {
    var hyphenated = model
    for index in hyphenated.indices.dropFirst().dropLast()
    where hyphenated[index] == UInt8(ascii: ".") && hyphenated[index - 1].isASCIIDigit
      && hyphenated[index + 1].isASCIIDigit
    {
      hyphenated[index] = UInt8(ascii: "-")
    }
    var parts = hyphenated.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count > 2, parts[1].count == 1, let major = parts[1].first, major.isASCIIDigit,
      major >= UInt8(ascii: "4")
    else { return hyphenated }
    guard
      let family = parts.indices.dropFirst(2).first(where: { index in
        claudeFamilies.contains { parts[index].elementsEqual($0.utf8) }
      }), family <= 3
    else { return hyphenated }
    parts.insert(parts.remove(at: family), at: 1)
    return Array(parts.joined(separator: [UInt8(ascii: "-")]))
  }
}
