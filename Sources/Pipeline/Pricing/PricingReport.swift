import Ingestion

/// What `tollbook price` has to tell beside its output.
public struct PricingReport: Sendable {
  /// Where lines were refused, in their order, and inputs that broke.
  public private(set) var failures: [Failure] = []
  /// Lines that were refused; `failures` holds the first of them.
  public private(set) var refused: Int64 = 0
  /// Events without a full price.
  public private(set) var unpriced: Int64 = 0
  private var told = 0
  private var name = ""
  private var line: Int64 = 0

  /// The next input; its lines count from 1.
  mutating func begin(_ name: String) {
    self.name = name
    line = 0
  }

  mutating func add(_ block: PricedBlock) {
    refused += block.refused
    unpriced += block.unpriced
    for refusal in block.refusals where told < PricedBlock.refusalLimit {
      failures.append(
        Failure("\(name):\(line + refusal.line)", refusal.error.problem, "", .badData))
      told += 1
    }
    line += block.lines
  }

  /// The input cannot be read, or not to its end.
  mutating func add(_ error: InputError) { failures.append(Failure(input: name, error)) }
}
