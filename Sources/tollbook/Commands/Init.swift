import ArgumentParser
import Pipeline

extension Tollbook {
  struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a commented tollbook.yaml.",
      discussion: "Only you can read it. A file that is there is never replaced.")

    @Argument(help: "The file to write.")
    var path = Configuration.fileName

    func run() throws {
      try AtomicFile.create(Array(ConfigurationExample.text.utf8), at: path)
      Diagnostics.print("wrote \(path): edit it, then run `tollbook ingest PATH…`\n")
    }
  }
}
