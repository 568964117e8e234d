/// A closed set of words that stands as text in events, segments and reports.
public protocol Word: RawRepresentable<UInt8>, CaseIterable, Sendable, Hashable {
  /// The word as it is written.
  var name: String { get }
}

extension Word {
  /// The value with this name, byte for byte.
  public init?(name: String) {
    guard let value = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = value
  }
}

/// What the request asked the model to do.
public enum Operation: UInt8, Word {
  case other, chat, completion, responses, messages, embeddings, image, audio, rerank, moderation

  public var name: String { "\(self)" }
}

/// How the request ended.
public enum Status: UInt8, Word {
  case ok, error, cancelled, blocked

  public var name: String { "\(self)" }
}

/// Why a request failed.
public enum ErrorClass: UInt8, Word {
  case rateLimit, timeout, overloaded, server, auth, budget, contextLength, contentPolicy
  case badRequest, other

  public var name: String {
    switch self {
    case .rateLimit: "rate_limit"
    case .contextLength: "context_length"
    case .contentPolicy: "content_policy"
    case .badRequest: "bad_request"
    default: "\(self)"
    }
  }

  /// A plain retry of the same request may succeed.
  public var isTransient: Bool {
    switch self {
    case .rateLimit, .timeout, .overloaded, .server: true
    default: false
    }
  }
}

/// The place of an attempt among those of its logical request.
public enum Route: UInt8, Word {
  case primary, retry, fallback

  public var name: String { "\(self)" }
}

/// What a route was concluded from, the strongest first.
public enum RouteEvidence: UInt8, Word {
  case explicit, attemptList, inferred, mismatch

  public var name: String { self == .attemptList ? "attempt_list" : "\(self)" }
}
