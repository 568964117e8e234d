/// What is wrong in a file that a person wrote, where, and how to put it right.
public struct DocumentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as the user named it.
  public var file: String
  /// From 1.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  /// Where in the document: `entries[3].prices[0].rates.input`; empty at the root.
  public var path: String
  /// What is wrong, without a full stop.
  public var problem: String
  /// How to put it right; empty when the problem says it.
  public var remedy: String

  public init(
    file: String, line: Int, column: Int, path: String = "", problem: String, remedy: String
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.path = path
    self.problem = problem
    self.remedy = remedy
  }

  /// `FILE:LINE:COLUMN: PATH: PROBLEM`, then the remedy on a line of its own.
  public var description: String {
    var text = "\(file):\(line):\(column): "
    if !path.isEmpty { text += path + ": " }
    text += problem
    if !remedy.isEmpty { text += "\n" + remedy }
    return text
  }
}
