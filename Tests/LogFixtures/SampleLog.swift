import Foundation
import Ingestion

/// A sample log of one gateway or one envelope, beside the month of the company.
public struct SampleLog: Sendable, Hashable, CustomStringConvertible {
  /// `gateways` or `envelopes`.
  public var folder: String
  /// The name of the file, with its extension.
  public var file: String

  /// What stands before the last dot: the dialect, and `+` and a word where it has several samples.
  public var name: String { String(file[..<(file.lastIndex(of: ".") ?? file.endIndex)]) }

  /// The path of the log below the folder of all logs.
  public var description: String { "\(folder)/\(file)" }

  /// The path of what is known of it, below the folder of all truth and without extensions.
  public var truth: String { "\(folder)/\(name)" }

  /// Its lines mean the same wherever they stand: JSON lines of a dialect that carries nothing from
  /// one to the next.
  public var mayBeMixed: Bool {
    let dialect = BuiltInDialects.text(named: String(name.prefix { $0 != "+" })) ?? ""
    let carries = dialect.split(separator: "\n").contains {
      $0.hasPrefix("carry:") || $0.hasPrefix("running:")
    }
    return file.hasSuffix(".jsonl") && !carries
  }

  /// The logs that lie in the folders of a folder, sorted.
  public static func found(in logs: String) -> [SampleLog] {
    ["envelopes", "gateways"].flatMap { folder in
      let names = try? FileManager.default.contentsOfDirectory(atPath: "\(logs)/\(folder)")
      return (names ?? []).sorted().map { SampleLog(folder: folder, file: $0) }
    }
  }

  /// Those of the checkout.
  public static let all = found(in: Checkout.path("sample-logs"))
}
