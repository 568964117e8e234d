import ArgumentParser
import Foundation
import Pipeline
import Reporting

/// The one place where an error becomes text and an exit code.
enum ErrorMessage {
  /// Ends the program after a command failed.
  static func exit(after error: any Error) -> Never {
    switch error {
    case is ClosedPipe: Foundation.exit(ExitStatus.done.rawValue)
    case let code as ExitCode: Foundation.exit(code.rawValue)
    default:
      let failure = Failure(error)
      // What the parser knows is its own: also a request for help comes as an error.
      if failure.status == .bug, Tollbook.exitCode(for: error) != .failure {
        exit(afterParsing: error)
      }
      show(failure)
      Foundation.exit(failure.status.rawValue)
    }
  }

  /// Ends the program when the command line asks for help or cannot be understood.
  static func exit(afterParsing error: any Error) -> Never {
    let code = Tollbook.exitCode(for: error)
    let lines = Tollbook.fullMessage(for: error)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { VisibleText.escaped(String($0), limit: 1000) }
    let text = lines.joined(separator: "\n") + "\n"
    if code.isSuccess { try? DataOutput.write(text) } else { Diagnostics.print(text) }
    Foundation.exit(code.rawValue)
  }

  static func show(_ failure: Failure) { Diagnostics.print("tollbook: \(failure.message)\n") }
}

/// Standard error: everything that is not data.
enum Diagnostics {
  /// Prints text whose foreign parts were escaped; nobody is told when it cannot be printed.
  static func print(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}

extension ExitCode {
  init(_ status: ExitStatus) { self.init(status.rawValue) }
}
