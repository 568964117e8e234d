import Billing
import Documents
import Ingestion
import Ledger
import Reporting

/// Why something could not be done, for people and for scripts.
public struct Failure: Error, Hashable, Sendable {
  /// Where it went wrong: a file, with line and column where they are known; empty when nowhere.
  public var place: String
  /// One sentence or clause.
  public var problem: String
  /// What to do, in one sentence; empty when the problem says it.
  public var remedy: String
  public var status: ExitStatus

  public init(_ place: String, _ problem: String, _ remedy: String, _ status: ExitStatus) {
    self.place = place
    self.problem = problem
    self.remedy = remedy
    self.status = status
  }

  /// The message, without line feed at its end. Nothing in it acts on a terminal.
  public var message: String {
    let limit = 4000
    var text = place.isEmpty ? "" : VisibleText.escaped(place, limit: limit) + ": "
    text += VisibleText.escaped(problem, limit: limit)
    if !remedy.isEmpty { text += "\n  " + VisibleText.escaped(remedy, limit: limit) }
    return text
  }
}

/// Nobody reads what is written: the reader of a pipe has gone. No failure.
public struct ClosedPipe: Error {
  public init() {}
}

extension Failure {
  /// The failure that an error of any stage stands for.
  public init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as DocumentError: self.init(document: error)
    case let error as LedgerError:
      self.init("", error.description, error.remedy, ExitStatus(error.kind))
    case let error as InputError: self.init(input: "", error)
    case let failure as DialectSet.Failure: self.init(dialects: failure)
    case let overflow as ArithmeticOverflow:
      self.init(
        "", "The \(overflow.quantity) does not fit: it is beyond 170 trillion.",
        "Look for a request or a price with an absurd amount.", .badData)
    default:
      // The text of an unknown error may quote input, so only its type is named.
      self.init(
        "", "An error that was not foreseen: \(type(of: error)).",
        "Report it as a bug of tollbook.", .bug)
    }
  }

  private init(document error: DocumentError) {
    let path = error.path.isEmpty ? "" : error.path + ": "
    self.init(
      "\(error.file):\(error.line):\(error.column)", path + error.problem, error.remedy, .badData)
  }

  private init(dialects failure: DialectSet.Failure) {
    switch failure {
    case .document(let error): self.init(document: error)
    case .unknownName(let name, let known):
      self.init(
        "", "There is no dialect `\(name)`.", DocumentNode.advice(name, among: known), .usage)
    }
  }
}

extension ExitStatus {
  fileprivate init(_ kind: LedgerError.Kind) {
    self =
      switch kind {
      case .badData: .badData
      case .unavailable: .unavailable
      case .bug: .bug
      case .cannotWrite: .cannotWrite
      case .locked: .locked
      }
  }
}
