import Foundation
import Testing

/// The sessions of the README are what the program prints. `TOLLBOOK_RECORD=1` writes them anew, and
/// fails, so that nobody records without looking.
@Suite struct ReadmeTests {
  /// A fenced block that begins with a command.
  struct Session {
    /// Commands with what they print.
    var steps: [(command: String, output: String)]

    static let fence = "```console\n$ "

    /// The block as it stands in the README, without its fence.
    var text: String { steps.map { "$ \($0.command)\n\($0.output)" }.joined() }

    init(_ block: Substring) {
      steps = []
      for line in block.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
        if line.hasPrefix("$ ") {
          steps.append((String(line.dropFirst(2)), ""))
        } else {
          steps[steps.count - 1].output += line + "\n"
        }
      }
    }
  }

  static func sessions(_ readme: String) -> [(range: Range<String.Index>, session: Session)] {
    readme.ranges(of: Session.fence).compactMap { range in
      let start = readme.index(range.lowerBound, offsetBy: "```console\n".count)
      guard let end = readme[start...].range(of: "```\n") else { return nil }
      return (start..<end.lowerBound, Session(readme[start..<end.lowerBound]))
    }
  }

  /// Runs all commands in one shell, which prints a mark behind the output of each.
  private func replay(_ commands: [String]) throws -> [String] {
    try withFolder { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "sample-logs"),
        withDestinationURL: Repository.root.appending(path: "sample-logs"))
      var script = "export PATH='\(Tollbook.binary.deletingLastPathComponent().path)':$PATH\n"
      for (index, command) in commands.enumerated() {
        try folder.write("step-\(index)", command)
        script += "eval \"$(cat step-\(index))\" 2>&1; code=$?; printf '\\036'; (exit $code)\n"
      }
      let run = try Program.shell(script, in: folder)
      #expect(run.diagnostics == "")
      return run.output.split(separator: "\u{1E}", omittingEmptySubsequences: false)
        .map(String.init)
    }
  }

  @Test func `the sessions are what the program prints`() throws {
    var readme = try Repository.text("README.md")
    let sessions = Self.sessions(readme)
    #expect(sessions.count >= 3)
    let outputs = try replay(sessions.flatMap { $0.session.steps.map(\.command) })
    var next = outputs.startIndex
    var replayed: [String] = []
    for (_, session) in sessions {
      var actual = session
      for index in actual.steps.indices {
        try #require(next < outputs.endIndex)
        actual.steps[index].output = outputs[next]
        next += 1
      }
      replayed.append(actual.text)
    }
    if ProcessInfo.processInfo.environment["TOLLBOOK_RECORD"] != nil {
      for ((range, _), text) in zip(sessions, replayed).reversed() {
        readme.replaceSubrange(range, with: text)
      }
      try Data(readme.utf8).write(to: Repository.root.appending(path: "README.md"))
      Issue.record("recorded the sessions of README.md: look at the difference")
      return
    }
    for ((_, session), text) in zip(sessions, replayed) { #expect(session.text == text) }
  }

  @Test func `every command is in the README and has help`() throws {
    let readme = try Repository.text("README.md")
    let commands = [
      ["try"], ["init"], ["ingest"], ["report"], ["check"], ["normalize"], ["price"],
      ["prices", "list"], ["prices", "show"], ["prices", "lint"], ["prices", "diff"],
      ["prices", "missing"], ["prices", "import"], ["prices", "merge"], ["prices", "build"],
      ["terms", "list"], ["terms", "show"], ["terms", "check"], ["explain"], ["dialects", "list"],
      ["dialects", "show"], ["dialects", "detect"], ["dialects", "check"], ["verify"], ["prune"],
      ["requeue"],
    ]
    try withFolder { folder in
      for command in commands {
        #expect(readme.contains("tollbook \(command[0])"), "\(command)")
        let help = try Tollbook.run(command + ["--help"], in: folder)
        #expect(help.status == 0)
        #expect(help.output.contains("OVERVIEW: "), "\(command)")
        #expect(help.output.contains("USAGE: tollbook \(command.joined(separator: " "))"))
      }
      let help = try Tollbook.run(["--help"], in: folder).output
      for command in Set(commands.map { $0[0] }) { #expect(help.contains("  \(command) ")) }
      #expect(try Tollbook.run(["--version"], in: folder).output == "0.1.0\n")
    }
  }
}
