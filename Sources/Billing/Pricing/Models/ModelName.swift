/// A model's name as a log writes it, and the shorter names that it may stand for.
///
/// The one place where names are taken apart (`docs` call the result the model key). Nothing is
/// guessed: each step removes one part that a gateway or cloud is known to add, and a step that does
/// not apply changes nothing. Work is on ASCII bytes; letters outside ASCII are kept as they are.
public struct ModelName: Sendable, Hashable {
  /// What was taken away to get a form.
  public struct Removed: OptionSet, Sendable, Hashable {
    public var rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// A resource path: `models/`, `publishers/google/models/`, an ARN.
    public static let path = Removed(rawValue: 1 << 0)
    /// A provider prefix (`azure/`) or a Portkey slug (`@my-openai/`).
    public static let provider = Removed(rawValue: 1 << 1)
    /// Claude Code's `[1m]`.
    public static let context = Removed(rawValue: 1 << 2)
    /// A cloud region: Bedrock's `eu.`, `us-east-1/`. A price may depend on it.
    public static let region = Removed(rawValue: 1 << 3)
    /// Bedrock's vendor: `anthropic.`.
    public static let vendor = Removed(rawValue: 1 << 4)
    /// Bedrock's `-v1:0` or `:48k`, Vertex's `@001`.
    public static let revision = Removed(rawValue: 1 << 5)
    /// An OpenRouter variant: `:free`. A price may depend on it.
    public static let variant = Removed(rawValue: 1 << 6)
    /// A snapshot with a date of the calendar; `Form.snapshot` holds it.
    public static let snapshot = Removed(rawValue: 1 << 7)
    /// A date without a year (`-0125`) or without a day (`-2411`).
    public static let shortDate = Removed(rawValue: 1 << 8)
    /// Nothing removed, another spelling: `claude-opus-4.8` for `claude-opus-4-8`.
    public static let spelling = Removed(rawValue: 1 << 9)
  }

  /// A name that the text may stand for.
  public struct Form: Sendable, Hashable {
    public var text: String
    public var removed: Removed
    /// The date of the snapshot that was removed, and how it was written.
    public var snapshot: SnapshotDate?
    /// The variant that was removed: `free`.
    public var variant: String?
    /// The short date that was removed: `0125`.
    var shortDate = ""
  }

  /// From the least stripped, lower-cased text to the canonical name; never empty.
  public let forms: [Form]

  /// Takes a name apart.
  ///
  /// - Complexity: O(*n*) in the length, times the number of known prefixes.
  public init(_ text: String) {
    var stripper = ModelNameStripper(text)
    forms = stripper.forms()
  }

  /// The shortest form: two names of one model have the same.
  public var canonical: String { forms.last?.text ?? "" }

  /// The variant after an OpenRouter slug, `free` in `google/gemma-3:free`; `nil` when there is none.
  public var variant: String? { forms.last?.variant }
}

extension ModelName {
  /// The names to look up, least stripped first, each once.
  public static func candidates(_ text: String) -> [String] { ModelName(text).forms.map(\.text) }

  /// The shortest form of a name.
  public static func canonical(_ text: String) -> String { ModelName(text).canonical }

  /// The variant after an OpenRouter slug; `nil` when there is none.
  public static func variant(of text: String) -> String? { ModelName(text).variant }

  /// Whether two names mean one model.
  ///
  /// A date on one side only says which snapshot an alias stands for; two different dates are two
  /// models.
  public static func isSameModel(_ first: String, _ second: String) -> Bool {
    let a = ModelName(first)
    let b = ModelName(second)
    guard let shortA = a.forms.last, let shortB = b.forms.last,
      shortA.text.utf8.elementsEqual(shortB.text.utf8)
    else { return false }
    if let dayA = shortA.snapshot?.day, let dayB = shortB.snapshot?.day, dayA != dayB {
      return false
    }
    return shortA.shortDate.isEmpty || shortB.shortDate.isEmpty
      || shortA.shortDate == shortB.shortDate
  }

  /// Whether a name asks a router to choose: the model that answers is then no fallback.
  ///
  /// They are `openrouter/auto`, `*-latest`, `auto`, Azure's `model-router`,
  /// Cloudflare's `dynamic/…`, Portkey's `@slug/…`, OpenRouter's `@preset/…`.
  public static func isRouterAlias(_ text: String) -> Bool {
    let name = text.asciiLowercased
    if name.utf8.starts(with: "@".utf8) { return !name.utf8.starts(with: "@cf/".utf8) }
    if name.utf8.starts(with: "dynamic/".utf8) || name.utf8.starts(with: "router/".utf8) {
      return true
    }
    let last = name.utf8.split(separator: UInt8(ascii: "/")).last.map {
      String(decoding: $0, as: UTF8.self)
    }
    guard let last else { return false }
    if ModelNameData.routers.contains(last) || last.utf8.starts(with: "model-router-".utf8) {
      return true
    }
    if name == "openrouter/fusion" || name == "openrouter/free" { return true }
    return ["-latest", "@latest", ":latest"].contains { last.hasASCIISuffix($0) }
  }
}

extension String {
  /// The text with A–Z lowered and every other byte kept.
  package var asciiLowercased: String {
    utf8.contains { (65...90).contains($0) }
      ? String(decoding: utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self) : self
  }

  func hasASCIISuffix(_ suffix: String) -> Bool {
    utf8.count >= suffix.utf8.count && utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }
}
