/// A closed set of words that stands as text in events, segments and reports.
public protocol Word: RawRepresentable<UInt8>, CaseIterable, Sendable, Hashable {
  /// The words as they are written, by raw value: the cases in their order, from 0.
  static var names: [String] { get }
}

extension Word {
  /// The word as it is written.
  public var name: String { Self.names[Int(rawValue)] }

  /// The names of the cases, `rateLimit` as `rate_limit`. Kept in a constant by each set of words: to
  /// ask the runtime for the name of a case takes longer than to read a line of a log.
  public static var spelledCases: [String] {
    allCases.map { value in
      "\(value)".reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
  }

  /// The value with this name, byte for byte.
  public init?(name: String) {
    guard let index = Self.names.firstIndex(of: name) else { return nil }
    self.init(rawValue: UInt8(index))
  }
}

/// What the request asked the model to do.
public enum Operation: UInt8, Word {
  case other, chat, completion, responses, messages, embeddings, image, audio, rerank, moderation

  public static let names = spelledCases
}

/// How the request ended.
public enum Status: UInt8, Word {
  case ok, error, cancelled, blocked

  public static let names = spelledCases
}

/// Why a request failed.
public enum ErrorClass: UInt8, Word {
  case rateLimit, timeout, overloaded, server, auth, budget, contextLength, contentPolicy
  case badRequest, other

  public static let names = spelledCases

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

  public static let names = spelledCases
}

/// What a route was concluded from, the strongest first.
public enum RouteEvidence: UInt8, Word {
  case explicit, attemptList, inferred, mismatch

  public static let names = spelledCases
}
