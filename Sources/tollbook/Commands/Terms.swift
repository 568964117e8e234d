import ArgumentParser
import Pipeline

extension Tollbook {
  struct Terms: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists, shows and checks the terms of gateways.",
      subcommands: [List.self, Show.self, Check.self])

    struct List: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Lists the built-in terms: name, gateways, what of them is unverified.")

      func run() throws { try DataOutput.write(try TermsText.list()) }
    }

    struct Show: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Prints built-in terms, to start some of your own from.")

      @Argument(help: "A name that `tollbook terms list` prints.")
      var name: String

      func run() throws { try DataOutput.write(try TermsText.named(name)) }
    }

    struct Check: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Reads terms and says in words what they do.")

      @Argument(help: "A file, or a name that `tollbook terms list` prints.")
      var terms: String

      func run() throws { try DataOutput.write(try TermsText.explained(terms)) }
    }
  }
}
