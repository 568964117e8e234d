import Billing
import Catalog
import Documents
import Reporting

/// Terms as text: what is built in, and what terms say in words.
public enum TermsText {
  /// A row for each of the built-in terms: name, gateways, how many things are unverified.
  ///
  /// - Throws: `DocumentError`.
  public static func list() throws -> String {
    var rows: [[String]] = []
    for name in BuiltInTerms.names {
      let terms = try BuiltInTerms.terms(named: name) ?? []
      let count = terms.first?.unverified.count ?? 0
      rows.append([name, terms.map(\.gateway).joined(separator: ", "), "\(count) unverified"])
    }
    return TextColumns.aligned(rows)
  }

  /// A built-in file.
  ///
  /// - Throws: `Failure` when there is none of this name.
  public static func named(_ name: String) throws(Failure) -> String {
    guard let text = BuiltInTerms.text(named: name) else {
      throw Failure(
        "", "There are no built-in terms `\(name)`.",
        DocumentNode.advice(name, among: BuiltInTerms.names), .usage)
    }
    return text
  }

  /// What terms do, a sentence a line.
  ///
  /// - Throws: `Failure`, `DocumentError`.
  public static func explained(_ name: String) throws -> String {
    try TermsFiles.terms(name, path: name).map { terms in
      let lines = ["gateway \(terms.gateway)"] + terms.sentences.map { "  " + $0 }
      return lines.map { VisibleText.escaped($0, limit: 2000) + "\n" }.joined()
    }
    .joined()
  }
}
