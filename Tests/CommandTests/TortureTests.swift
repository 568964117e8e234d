import Foundation
import Testing

/// A few strikes of some attacks of `Tests/Torture`, so that the harness does not rot: `make torture`
/// goes on for as long as asked.
@Suite struct TortureTests {
  /// Some containers forbid it.
  private static let mayTrace =
    (try? Program.shell("strace -qq -o /dev/null true", in: Repository.root).status) == 0

  @Test(.enabled(if: mayTrace, "strace may not trace here"), .timeLimit(.minutes(10)))
  func `the ledger survives a few strikes, and what is built to fail does not`() throws {
    try withFolder { folder in
      let attacks = [
        "kill-nth", "control-split", "random-kill", "power-loss", "control-unsynced", "errors",
        "bit-flip", "overlap",
      ]
      let run = try Program(
        URL(filePath: "/usr/bin/env"),
        ["python3", Repository.path("Tests/Torture/torture.py")]
          + ["--binary", Tollbook.binary.path, "--work", folder.appending(path: "work").path]
          + ["--seconds", "300", "--runs", "3", "--at-least-once"]
          + attacks.flatMap { ["--attack", $0] },
        in: folder
      ).outcome
      #expect(run.status == 0, "\(run.output)\n\(run.diagnostics)")
      for attack in attacks { #expect(run.output.contains("| \(attack) | ")) }
    }
  }
}
