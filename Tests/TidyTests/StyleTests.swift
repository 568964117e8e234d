import Foundation
import Testing

/// Size and spelling: what a reader trips over.
@Suite struct StyleTests {
  @Test func `files have at most 400 lines`() throws {
    for path in try Repository.files(below: "Sources") + Repository.files(below: "Tests")
    where [".swift", ".c", ".cpp", ".h"].contains(where: path.hasSuffix) {
      let count = try Repository.text(path).utf8.count { $0 == UInt8(ascii: "\n") }
      #expect(count <= 400, "\(path)")
    }
  }

  @Test func `functions have at most 70 lines`() throws {
    for path in try Repository.files(below: "Sources", suffix: ".swift")
      + Repository.files(below: "Tests", suffix: ".swift")
    {
      for function in SwiftSource(try Repository.text(path)).functions {
        #expect(function.length <= 70, "\(path):\(function.line)")
      }
    }
  }

  @Test func `the formatter has nothing to say`() throws {
    let run = try Run([
      "swift", "format", "lint", "--strict", "--recursive", "Sources", "Tests", "Package.swift",
    ])
    #expect(run.status == 0, "\(run.output)")
  }

  @Test func `nothing is left unfinished`() throws {
    let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
    let stubs = ["fatal" + "Error(\"unimplemented", "fatal" + "Error(\"not implemented"]
    for path in try Repository.files(below: "Sources") + Repository.files(below: "Tests")
    where [".swift", ".c", ".cpp", ".h", ".py", ".yaml"].contains(where: path.hasSuffix) {
      for (index, line) in try Repository.text(path).split(
        separator: "\n", omittingEmptySubsequences: false
      ).enumerated() {
        let words = Set(SwiftSource.words(of: String(line)))
        #expect(words.isDisjoint(with: marks), "\(path):\(index + 1)")
        #expect(!stubs.contains(where: line.lowercased().contains), "\(path):\(index + 1)")
      }
    }
  }

  @Test func `no path of one machine is written down`() throws {
    let folders = ["/t" + "mp/", "/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/"]
    for path in try Repository.files(below: "") {
      guard let text = String(data: try Repository.bytes(path), encoding: .utf8) else { continue }
      for folder in folders { #expect(!text.contains(folder), "\(path) names \(folder)") }
    }
  }
}

/// The reader of Swift source that the rules stand on.
@Suite struct SwiftSourceTests {
  @Test func `comments and strings are no code`() {
    let source = SwiftSource(
      #"""
      let a = "unsafe \(f("unsafe")) {" // unsafe
      /* unsafe /* nested */ unsafe */ let b = #"unsafe " \"#
      let c = """
        unsafe { " "" }
        """
      unsafe d()
      """#)
    #expect(source.lines(with: ["unsafe"]) == [6])
  }

  @Test func `imports are found with every prefix`() {
    let source = SwiftSource(
      """
      public import Billing
      @testable import Ledger
      import struct Foundation.URL
      // import Nothing
      let text = "import Nothing"
      """)
    #expect(source.imports == ["Billing", "Ledger", "Foundation"])
  }

  @Test func `the length of a function is from its first line to its brace`() {
    let source = SwiftSource(
      """
      protocol P { func f() }
      struct S: P {
        init(
          a: () -> Void = { }
        ) {
          self.init { }
        }
        func f() { if true {
          g() }
        }
        var x: Int { 1 }
      }
      """)
    #expect(source.functions.map(\.line) == [3, 8])
    #expect(source.functions.map(\.length) == [5, 3])
  }
}
