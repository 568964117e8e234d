import Foundation
import Testing

/// `tollbook dialects` as a user meets it, who has a log that no dialect knows.
@Suite struct DialectTests {
  private struct Detected: Decodable {
    struct Shape: Decodable {
      var lines: Int
      var first_line: Int
      var offset: Int
      var keys: [String]
    }

    struct Accounting: Decodable {
      var lines: Int
      var rejections: [String: Int]
    }

    var input: String
    var compression: String
    var framed: Bool
    var dialects: [String: Int]
    var accounting: Accounting
    var unknown: [Shape]
  }

  private static func detected(_ arguments: [String], in folder: URL) throws -> [Detected] {
    let run = try Tollbook.run(["dialects", "detect", "--json"] + arguments, in: folder)
    return try JSONDecoder().decode([Detected].self, from: Data(run.output.utf8))
  }

  // MARK: list and show

  @Test func `list tells what a dialect is and whose, in columns`() throws {
    try withFolder { folder in
      let own =
        "dialect: acme.log\ntitle: Acme\ngateway: acme\ndetect: {all: [acme]}\nfields: {id: i}\n"
      try folder.write("acme.yaml", own)
      let run = try Tollbook.run(["dialects", "list", "--dialect", "acme.yaml"], in: folder)
      let lines = run.output.split(separator: "\n").map(String.init)
      #expect(try #require(lines.first).hasPrefix("acme.log "))
      #expect(lines.contains { $0.hasPrefix("envelope.docker ") && $0.contains(" envelope ") })
      #expect(lines.contains { $0.hasPrefix("openrouter.activity ") && $0.contains(" sums ") })
      let columns = lines.map { line in
        line.range(of: "built-in").map { line.distance(from: line.startIndex, to: $0.lowerBound) }
      }
      #expect(Set(columns.dropFirst().compactMap(\.self)).count == 1)
      #expect(columns[0] == nil)
      #expect(lines[0].contains("acme.yaml"))
      let json = try Tollbook.run(["dialects", "list", "--json"], in: folder).output
      let all = try #require(
        try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
      #expect(all.count == lines.count - 1)
      let docker = all.first { $0["name"] as? String == "envelope.docker" }
      #expect(docker?["envelope"] as? Bool == true)
      #expect(docker?["built_in"] as? Bool == true)
    }
  }

  @Test(arguments: [
    "litellm.slp", "token-shapes", "error-classes", "provider-names", "service-tiers",
  ])
  func `show prints what is built in`(name: String) throws {
    try withFolder { folder in
      let run = try Tollbook.run(["dialects", "show", name], in: folder)
      #expect(run.status == 0)
      let text = try Repository.text("Sources/Ingestion/Dialects/BuiltIn/\(name).yaml")
      #expect(run.output == text)
    }
  }

  @Test func `show says which name was meant`() throws {
    try withFolder { folder in
      let run = try Tollbook.run(["dialects", "show", "token-shape"], in: folder)
      #expect(run.status == 64)
      #expect(run.diagnostics.contains("Did you mean `token-shapes`?"))
    }
  }

  // MARK: detect

  @Test func `detect names the keys of unknown lines and never their values`() throws {
    try withFolder { folder in
      let secret = "sk-live-secret"
      let unknown = #"{"wh\u001bo":"\#(secret)","usage_of_it":{"\#(secret)":1}}"# + "\n"
      try folder.write(
        "mixed.jsonl", SampleLog.lines(2) + unknown + "not json\n\n" + unknown + "[]\n")
      let run = try Tollbook.run(["dialects", "detect", "mixed.jsonl"], in: folder)
      #expect(run.status == 0)
      #expect(run.diagnostics == "")
      #expect(!run.output.contains(secret))
      #expect(run.output.hasPrefix("mixed.jsonl (lines)\n  openai.chat"))
      #expect(run.output.contains(#"wh\x1bo, usage_of_it"#))
      #expect(run.output.contains("tollbook dialects check my-gateway.yaml mixed.jsonl"))
      let found = try #require(try Self.detected(["mixed.jsonl"], in: folder).first)
      #expect(found.dialects == ["openai.chat": 2])
      #expect(found.accounting.rejections == ["malformed": 1, "unknown_format": 2])
      #expect(found.accounting.lines == 7)
      let shape = try #require(found.unknown.first)
      #expect(found.unknown.count == 1)
      #expect((shape.lines, shape.first_line) == (2, 3))
      #expect(shape.offset == SampleLog.lines(2).utf8.count)
      #expect(shape.keys == ["wh\u{1B}o", "usage_of_it"])
    }
  }

  @Test func `detect tells compression and framing, and reads standard input`() throws {
    try withFolder { folder in
      try folder.write("a.jsonl", SampleLog.lines(3))
      try folder.write("b.json", "[\n" + SampleLog.line(1) + ",\n" + SampleLog.line(2) + "\n]\n")
      #expect(try Program.shell("gzip -k a.jsonl", in: folder).status == 0)
      let found = try Self.detected(["a.jsonl", "a.jsonl.gz", "b.json"], in: folder)
      #expect(found.map(\.compression) == ["none", "gzip", "none"])
      #expect(found.map(\.framed) == [false, false, true])
      #expect(found.map { $0.dialects["openai.chat"] } == [3, 3, 2])
      let run = try Tollbook.run(
        ["dialects", "detect", "-"], in: folder, input: Data("{\"a\":1}\n".utf8))
      #expect(run.status == 65)
      #expect(run.output.hasPrefix("(standard input) (lines)\n  no dialect  1\n"))
      #expect(run.output.contains("check my-gateway.yaml LOG\n"))
    }
  }

  // MARK: files and directories

  @Test func `a directory of dialects is read by the order of names`() throws {
    try withFolder { folder in
      let own = folder.appending(path: "own")
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      for name in ["b", "a"] {
        try own.write(
          "\(name).yaml",
          "dialect: acme.\(name)\ngateway: acme\ndetect: {all: [acme]}\nfields: {request_model: m}\n"
        )
      }
      try own.write("notes.txt", "no dialect\n")
      try folder.write("tollbook.yaml", "dialects: [own]\n")
      try folder.write("x.jsonl", #"{"acme":1,"m":"gpt-5-mini"}"# + "\n")
      let run = try Tollbook.run(["normalize", "x.jsonl"], in: folder)
      #expect(run.output.contains(#""dialect":"acme.a""#), "\(run.diagnostics)")
      try folder.write("tollbook.yaml", "")
      let named = try Tollbook.run(["normalize", "--dialect", "own", "x.jsonl"], in: folder)
      #expect(named.output == run.output)
      try own.write("c.yaml", try own.text("a.yaml"))
      let twice = try Tollbook.run(["normalize", "--dialect", "own/", "x.jsonl"], in: folder)
      #expect(twice.status == 65)
      #expect(
        twice.diagnostics.contains(
          "own/c.yaml:1:10: dialect: the dialect `acme.a` is in own/a.yaml already"))
    }
  }

  @Test func `a dialect that everybody may write is refused`() throws {
    try withFolder { folder in
      try folder.write(
        "a.yaml", "dialect: a\ngateway: a\ndetect: {all: [a]}\nfields: {request_model: m}\n")
      #expect(try Program.shell("chmod o+w a.yaml", in: folder).status == 0)
      let run = try Tollbook.run(["dialects", "list", "--dialect", "a.yaml"], in: folder)
      #expect(run.status == 65)
      #expect(run.diagnostics.contains("a.yaml: everybody may write this file"))
    }
  }

  @Test func `a directory without dialects is not silently nothing`() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "own"), withIntermediateDirectories: true)
      let run = try Tollbook.run(["dialects", "list", "--dialect", "own"], in: folder)
      #expect(run.status == 69)
      #expect(run.diagnostics.contains("own: the directory holds no dialect"))
    }
  }
}
