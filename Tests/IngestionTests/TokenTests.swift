import Billing
import Testing

@testable import Ingestion

/// Disjoint buckets from what logs write: every row of the conventions and of the arbiter.
@Suite struct TokenTests {
  /// A written usage, and the event's counts in the order of `TokenBucket`; `nil` is unknown.
  struct Row: CustomTestStringConvertible {
    var written: [TokenCount: Int64]
    var buckets: [TokenBucket: Int64]?
    var warnings: EventWarnings = []

    var testDescription: String {
      written.map { "\($0.key.rawValue)=\($0.value)" }.sorted().joined(separator: " ")
    }
  }

  static func usage(
    cacheInside: Bool = true, reasoningInside: Bool = true, fiveMinutes: Bool = false,
    arbiter: Bool = true
  ) -> CompiledUsage {
    CompiledUsage(
      when: 0..<0, warnings: [], cache: cacheInside ? .inside : .beside,
      outputIncludesReasoning: reasoningInside, includesMedia: true, writesDefaultTo5m: fiveMinutes,
      hasArbiter: arbiter)
  }

  static func check(_ row: Row, _ usage: CompiledUsage) {
    var counts = WrittenCounts()
    for (position, count) in TokenCount.allCases.enumerated() {
      if let value = row.written[count] { counts.set(position: position, value) }
    }
    var normalizer = TokenNormalizer(written: counts, usage: usage)
    guard let buckets = row.buckets else {
      #expect(throws: RejectionReason.contradiction, "\(row.testDescription)") {
        try normalizer.buckets()
      }
      return
    }
    let tokens = try? normalizer.buckets()
    let found = TokenBucket.allCases.reduce(into: [TokenBucket: Int64]()) { found, bucket in
      if let tokens, tokens.isKnown(bucket) { found[bucket] = tokens[bucket] }
    }
    #expect(found == buckets, "\(row.testDescription)")
    #expect(normalizer.warnings == row.warnings, "\(row.testDescription)")
  }

  static let inside: [Row] = [
    Row(written: [.input: 100, .output: 20], buckets: [.input: 100, .output: 20]),
    Row(written: [.input: 0, .output: 0], buckets: [.input: 0, .output: 0]),
    Row(written: [.input: 100], buckets: [.input: 100]),
    Row(written: [.output: 20], buckets: [.output: 20]),
    Row(
      written: [.input: 100, .cacheRead: 0, .output: 20],
      buckets: [.input: 100, .cacheRead: 0, .output: 20]),
    Row(
      written: [.input: 100, .cacheRead: 60, .cacheWrite: 10, .inputAudio: 5, .output: 20],
      buckets: [.input: 25, .cacheRead: 60, .cacheWrite: 10, .inputAudio: 5, .output: 20]),
    Row(
      written: [.input: 9, .inputAudio: 3, .inputImage: 3, .inputVideo: 3],
      buckets: [.input: 0, .inputAudio: 3, .inputImage: 3, .inputVideo: 3]),
    Row(
      written: [.output: 50, .reasoning: 30, .outputAudio: 5, .outputImage: 5],
      buckets: [.output: 10, .reasoning: 30, .outputAudio: 5, .outputImage: 5]),
    // The lifetimes are parts of all writes.
    Row(
      written: [.input: 100, .cacheWrite: 30, .cacheWrite5m: 10, .cacheWrite1h: 20],
      buckets: [.input: 70, .cacheWrite5m: 10, .cacheWrite1h: 20]),
    Row(
      written: [.input: 100, .cacheWrite: 30, .cacheWrite5m: 10],
      buckets: [.input: 70, .cacheWrite5m: 10, .cacheWrite: 20]),
    Row(
      written: [.input: 100, .cacheWrite5m: 10, .cacheWrite1h: 20],
      buckets: [.input: 70, .cacheWrite5m: 10, .cacheWrite1h: 20]),
    Row(written: [.input: 100, .cacheWrite: 0], buckets: [.input: 100, .cacheWrite: 0]),
  ]

  @Test(arguments: inside) func `parts are taken out of their totals`(row: Row) {
    Self.check(row, Self.usage())
  }

  static let contradictions: [Row] = [
    Row(written: [.input: 100, .cacheRead: 101]),
    Row(written: [.input: 100, .cacheRead: 60, .cacheWrite: 41]),
    Row(written: [.input: 10, .inputAudio: 11]),
    Row(written: [.cacheRead: 5, .output: 1]),
    Row(written: [.output: 10, .reasoning: 11]),
    Row(written: [.output: 10, .outputAudio: 6, .outputImage: 5]),
    Row(written: [.input: 1, .reasoning: 5]),
    Row(written: [.input: 100, .cacheWrite: 9, .cacheWrite5m: 10]),
    // The total agrees with neither reading.
    Row(written: [.input: 100, .cacheRead: 101, .output: 10, .total: 150]),
  ]

  @Test(arguments: contradictions) func `counts that contradict each other are refused`(row: Row) {
    Self.check(row, Self.usage())
  }

  /// The arbiter, in the order of its rules.
  static let arbiter: [Row] = [
    Row(
      written: [.input: 10, .cacheRead: 90, .output: 5, .total: 105],
      buckets: [.input: 10, .cacheRead: 90, .output: 5], warnings: .cacheExclusive),
    Row(
      written: [.input: 100, .output: 20, .reasoning: 8, .total: 120],
      buckets: [.input: 100, .output: 12, .reasoning: 8]),
    // 12 + 1 + 228 = 241, as xAI's chat writes it.
    Row(
      written: [.input: 12, .output: 228, .reasoning: 1, .total: 241],
      buckets: [.input: 12, .output: 228, .reasoning: 1], warnings: .reasoningExclusive),
    Row(
      written: [.input: 12, .output: 1, .reasoning: 228, .total: 241],
      buckets: [.input: 12, .output: 1, .reasoning: 228], warnings: .reasoningExclusive),
    Row(
      written: [.input: 100, .cacheRead: 40, .output: 20, .total: 160],
      buckets: [.input: 100, .cacheRead: 40, .output: 20], warnings: .cacheExclusive),
    Row(
      written: [.input: 100, .output: 20, .total: 150],
      buckets: [.input: 100, .output: 20, .reasoning: 30], warnings: .hiddenTokens),
    Row(
      written: [.input: 100, .output: 20, .reasoning: 5, .total: 150],
      buckets: [.input: 100, .output: 15, .reasoning: 35], warnings: .hiddenTokens),
    Row(
      written: [.input: 100, .output: 20, .total: 119],
      buckets: [.input: 100, .output: 20], warnings: .totalMismatch),
    Row(written: [.input: 100, .total: 100], buckets: [.input: 100]),
    Row(written: [.output: 20, .total: 100], buckets: [.output: 20]),
  ]

  @Test(arguments: arbiter) func `the total decides between conventions`(row: Row) {
    Self.check(row, Self.usage())
  }

  @Test func `without an arbiter the total is not asked`() {
    Self.check(
      Row(
        written: [.input: 10, .cacheRead: 90, .output: 5, .total: 7],
        buckets: [.input: 10, .cacheRead: 90, .output: 5]),
      Self.usage(cacheInside: false, arbiter: false))
  }

  @Test func `Anthropic leaves the cache out and writes for five minutes`() {
    let usage = Self.usage(cacheInside: false, fiveMinutes: true, arbiter: false)
    Self.check(
      Row(
        written: [.input: 7, .cacheRead: 900, .cacheWrite: 30, .cacheWrite1h: 20, .output: 9],
        buckets: [.input: 7, .cacheRead: 900, .cacheWrite5m: 10, .cacheWrite1h: 20, .output: 9]),
      usage)
    Self.check(
      Row(written: [.input: 7, .cacheWrite: 30], buckets: [.input: 7, .cacheWrite5m: 30]), usage)
  }

  @Test func `reasoning may stand beside the output`() {
    let usage = Self.usage(reasoningInside: false)
    Self.check(
      Row(
        written: [.input: 5, .output: 10, .reasoning: 90, .total: 105],
        buckets: [.input: 5, .output: 10, .reasoning: 90]), usage)
  }

  /// All small usages: whatever is accepted has parts that make up its totals.
  @Test func `what is accepted adds up`() throws {
    let usages = [
      Self.usage(), Self.usage(cacheInside: false), Self.usage(reasoningInside: false),
      Self.usage(fiveMinutes: true),
    ]
    let values: [Int64?] = [nil, 0, 1, 3]
    let counts: [TokenCount] = [
      .input, .output, .total, .cacheRead, .cacheWrite, .cacheWrite5m, .reasoning,
    ]
    for code in 0..<(1 << (2 * counts.count)) {
      var written = WrittenCounts()
      for (place, count) in counts.enumerated() {
        let position = TokenCount.allCases.firstIndex(of: count) ?? 0
        if let value = values[code >> (2 * place) & 3] { written.set(position: position, value) }
      }
      for usage in usages {
        var normalizer = TokenNormalizer(written: written, usage: usage)
        guard let tokens = try? normalizer.buckets() else { continue }
        let isSound = TokenBucket.allCases.allSatisfy { tokens[$0] >= 0 }
        let input = written[.input] ?? 0
        let hasInput =
          tokens.inputTotal >= input && tokens.isKnown(.input) == (written[.input] != nil)
        if !isSound || !hasInput || tokens.outputTotal < written[.output] ?? 0 {
          Issue.record("\(code): \(tokens)")
          return
        }
      }
    }
  }
}
