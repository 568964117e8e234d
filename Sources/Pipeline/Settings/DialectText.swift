import Billing
import Documents
import Ingestion

/// The built-in dialects as files.
public enum DialectText {
  /// The file of a dialect.
  ///
  /// - Throws: `Failure` when there is none of this name.
  public static func named(_ name: String) throws(Failure) -> String {
    guard BuiltInDialects.names.contains(where: { $0.utf8.elementsEqual(name.utf8) }),
      let text = BuiltInDialects.text(named: name)
    else {
      throw Failure(
        "", "There is no built-in dialect `\(name)`.",
        DocumentNode.advice(name, among: BuiltInDialects.names), .usage)
    }
    return text
  }
}

extension Settings {
  /// The dialects that logs are read with, in the order of detection: name, tab, title.
  ///
  /// - Throws: `DialectSet.Failure`.
  public func dialectList() throws -> String {
    let set = try DialectSet(
      user: reading.dialects, only: reading.onlyDialect, labels: LabelTable())
    return set.dialects.map { "\($0.name)\t\($0.title)\n" }.joined()
  }
}
