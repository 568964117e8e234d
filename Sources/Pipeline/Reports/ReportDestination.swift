import Insights
public import Reporting

/// Where a report goes and in which form.
public struct ReportDestination: Sendable {
  /// `-` is standard output.
  public var path: String
  public var renderer: any ReportRenderer

  /// - Parameters:
  ///   - path: a file whose extension names the format, or `-`.
  ///   - format: the extension to take instead.
  /// - Throws: `Failure` when there is no such format.
  public init(_ path: String, format: String?) throws(Failure) {
    self.path = path
    let name = path.split(separator: "/").last ?? ""
    let dot = name.lastIndex(of: ".")
    let written = path == "-" ? "md" : dot.map { String(name[name.index(after: $0)...]) } ?? ""
    guard let renderer = ReportFormat.renderer(forExtension: format ?? written) else {
      throw Failure(
        format == nil ? path : "", "`\(format ?? written)` is not a format of reports.",
        "Use md, csv, json or txt, as the file's extension or with --format.", .usage)
    }
    self.renderer = renderer
  }

  /// Writes the document: a file as a whole, or standard output.
  ///
  /// - Throws: `Failure`, `ClosedPipe`.
  public func write(_ document: ReportDocument) throws {
    let bytes = renderer.render(document)
    if path == "-" {
      try DataOutput.write(bytes)
    } else {
      try AtomicFile.write(bytes, to: path)
    }
  }
}
