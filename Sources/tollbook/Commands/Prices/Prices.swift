import ArgumentParser

extension Tollbook {
  struct Prices: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists, shows, compares, imports and builds price books.",
      subcommands: [
        List.self, Show.self, Lint.self, Diff.self, Missing.self, Import.self, Merge.self,
        Build.self,
      ])
  }
}
