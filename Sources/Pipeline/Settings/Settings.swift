public import Billing
import Catalog
import Foundation

/// What the command line says, before the configuration is asked.
public struct Choices: Sendable {
  /// `nil`: `tollbook.yaml` in the working directory, when it is there.
  public var configuration: String?
  public var ledger: String?
  /// In front of the configuration's.
  public var priceBooks: [String] = []
  /// Only the books that are named price anything.
  public var leavesOutBuiltIn = false
  /// Files with the terms of gateways, or built-in names; they replace the configuration's for the
  /// same gateway.
  public var terms: [String] = []
  /// Files and directories of them, or one name.
  public var dialects: [String] = []
  public var threads: Int?

  public init() {}
}

/// What a command works with: command line, configuration and defaults, read and checked.
public struct Settings: Sendable {
  /// The ledger when nobody names one.
  public static let defaultLedger = "tollbook.db"

  public let configuration: Configuration
  public let ledger: String
  /// The user's books in front of the built-in one.
  public let book: any PriceBook
  public let pricer: BookPricer
  public internal(set) var reading: ReadingOptions

  /// Files of the program that may lie among logs and are none, with what belongs to them.
  public var ownFiles: [String] { [ledger, configurationPath].compactMap(\.self) }

  private let configurationPath: String?

  /// - Throws: `Failure`, `DocumentError`.
  public init(_ choices: Choices) throws {
    configurationPath = Self.configurationPath(choices.configuration)
    configuration = try configurationPath.map { try Configuration(path: $0) } ?? Configuration()
    if let count = configuration.limits.openFiles { ProcessSettings.limitOpenFiles(to: count) }
    ledger = choices.ledger ?? configuration.ledger ?? Self.defaultLedger
    book = try Self.book(
      choices.priceBooks + configuration.priceBooks, leavesOutBuiltIn: choices.leavesOutBuiltIn)
    pricer = BookPricer(
      book: book,
      terms: try configuration.terms
        + choices.terms.flatMap { try TermsFiles.terms($0, path: $0) })
    reading = try Self.reading(choices, configuration)
  }

  private static func configurationPath(_ path: String?) -> String? {
    let usual = Configuration.fileName
    return path ?? (FileManager.default.fileExists(atPath: usual) ? usual : nil)
  }

  /// The user's books in front of the built-in one.
  ///
  /// - Parameter leavesOutBuiltIn: leave the built-in one away.
  /// - Throws: `Failure`, `DocumentError`.
  public static func book(_ paths: [String], leavesOutBuiltIn: Bool = false) throws
    -> any PriceBook
  {
    if paths.isEmpty, !leavesOutBuiltIn { return try BuiltInPriceBook() }
    let own = try paths.map { path in
      try TextFile.refuseIfWorldWritable(path)
      return try PriceTable(reading: try TextFile.document(at: path), files: TextFile.named)
    }
    return PriceBookStack(leavesOutBuiltIn ? own : own + [try BuiltInPriceBook()])
  }

  private static func reading(
    _ choices: Choices, _ configuration: Configuration
  ) throws -> ReadingOptions {
    var reading = ReadingOptions()
    let files = choices.dialects.filter(DialectFiles.isFile)
    let names = choices.dialects.filter { !DialectFiles.isFile($0) }
    guard names.count <= 1 else {
      throw Failure(
        "", "Only one dialect can be named.", "Leave --dialect out: each line is recognised.",
        .usage)
    }
    reading.dialects = try DialectFiles.documents(at: files + configuration.dialects)
    reading.onlyDialect = names.first
    reading.limits = configuration.limits.input
    reading.threads = choices.threads ?? ProcessInfo.processInfo.activeProcessorCount
    return reading
  }
}
