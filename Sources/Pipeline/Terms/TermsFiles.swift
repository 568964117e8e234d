import Billing
import Catalog
import Documents
import Foundation
import Insights

/// Where terms come from: built-in names, files, the configuration itself.
enum TermsFiles {
  private static let endings = [".yaml", ".yml", ".json"]

  /// The terms that a text stands for: a built-in name, or a path.
  ///
  /// - Parameter path: what the program opens when the text is no name.
  /// - Throws: `Failure`, `DocumentError`.
  static func terms(_ text: String, path: String) throws -> [GatewayTerms] {
    if let builtIn = try BuiltInTerms.terms(named: text) { return builtIn }
    guard isPath(text) || FileManager.default.fileExists(atPath: path) else {
      throw Failure(
        "", "There are no built-in terms `\(text)`.",
        DocumentNode.advice(text, among: BuiltInTerms.names) + " Or name a file.", .usage)
    }
    return try terms(at: path)
  }

  /// Who may write terms decides what figures say.
  ///
  /// - Throws: `Failure`, `DocumentError`.
  static func terms(at path: String) throws -> [GatewayTerms] {
    try TextFile.refuseIfWorldWritable(path)
    return try terms(reading: try TextFile.document(at: path))
  }

  static func terms(reading node: DocumentNode) throws(DocumentError) -> [GatewayTerms] {
    try GatewayTerms.readAll(node) { ReportingCalendar(zone: $0) != nil }
  }

  private static func isPath(_ text: String) -> Bool {
    text.contains("/") || endings.contains(where: text.hasSuffix)
  }
}
