import Billing
import Foundation
import Testing

/// Rows of `Vectors/rounding.tsv`: independent results of rounding, metering, fees and scopes.
enum Vectors {
  static func rows(_ kind: String) -> [[String]] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Vectors/rounding.tsv")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
      .filter { $0.first == kind }.map { Array($0.dropFirst()) }
  }
}

func integer(_ text: String) throws -> Int64 { try #require(Int64(text)) }

func mode(_ name: String) throws -> RoundingMode { try #require(RoundingMode(name: name)) }

func rounding(_ name: String, _ scale: String) throws -> Rounding {
  let scale = Int(try integer(scale))
  return try #require(Rounding(mode: try mode(name), scale: scale))
}
