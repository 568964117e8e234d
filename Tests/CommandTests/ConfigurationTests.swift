import Foundation
import Testing

@Suite struct ConfigurationTests {
  @Test func `init writes a configuration that is read, private, and never replaced`() throws {
    try withFolder { folder in
      #expect(try Tollbook.run(["init"], in: folder).status == 0)
      let path = folder.appending(path: "tollbook.yaml").path
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      try SchemaValidator.expect([path], fit: "configuration")
      try folder.write("a.jsonl", SampleLog.lines(2))
      #expect(try Tollbook.run(["ingest", "a.jsonl"], in: folder).status == 0)
      let check = try Tollbook.run(["check", "--now", "2026-10-05T12:00:00Z"], in: folder)
      #expect(check.status == 0)
      #expect(check.output.contains("'all'="))
      let before = try folder.text("tollbook.yaml")
      let again = try Tollbook.run(["init"], in: folder)
      #expect(again.status == 73)
      #expect(again.diagnostics.contains("tollbook.yaml: the file exists already"))
      #expect(try folder.text("tollbook.yaml") == before)
    }
  }

  @Test func `what the example hides in comments can be read too`() throws {
    try withFolder { folder in
      #expect(try Tollbook.run(["init"], in: folder).status == 0)
      // Sentences begin with a capital letter, keys do not.
      let opened = try folder.text("tollbook.yaml")
        .split(separator: "\n", omittingEmptySubsequences: false)
        .map { line in
          let text = line.drop { $0 == " " }
          guard text.hasPrefix("# "), let first = text.first(where: { !"# ".contains($0) }),
            first.isLowercase || first == "-"
          else { return String(line) }
          return line.prefix { $0 == " " } + String(text.dropFirst(2))
        }
        .filter { !$0.hasPrefix("price_books") && !$0.hasPrefix("dialects") }
      try folder.write("open.yaml", opened.joined(separator: "\n"))
      #expect(opened.contains("terms:"))
      #expect(opened.contains("models:"))
      try SchemaValidator.expect([folder.appending(path: "open.yaml").path], fit: "configuration")
      let run = try Tollbook.run(["dialects", "list", "--config", "open.yaml"], in: folder)
      #expect(run.status == 0, "\(run.diagnostics)")
    }
  }

  static let broken: [(text: String, message: String)] = [
    ("ledgr: a.db\n", "tollbook.yaml:1:1: `ledgr` is not known here\n  Did you mean `ledger`?"),
    (
      "timezone: UTC\nbudgets:\n  - {name: a, amount: ten}\n",
      "tollbook.yaml:3:23: budgets[0].amount: `ten` is not a decimal number"
    ),
    (
      "budgets:\n  - {name: a, amount: \"1e3\"}\n",
      "`1e3` has an exponent\n  Write it as a plain decimal"
    ),
    (
      "budgets:\n  - {name: a, amount: \"0\"}\n",
      "tollbook.yaml:2:23: budgets[0].amount: the amount is not above zero"
    ),
    (
      "budgets:\n  - {name: a, amount: \"1\"}\n  - {name: a, amount: \"2\"}\n",
      "tollbook.yaml:3:5: budgets[1]: the name `a` stands twice"
    ),
    ("timezone: Mars/Olympus\n", "tollbook.yaml:1:11: timezone: `Mars/Olympus` is not a time zone"),
    ("stale_after: 36\n", "tollbook.yaml:1:14: stale_after: `36` is not a duration"),
    ("coverage_floor: \"95\"\n", "coverage_floor: 95 is not a fraction"),
    ("limits: {depth: 100000}\n", "limits.depth: 100000 is out of range"),
    ("limits:\n  line_bytes: 5\n", "tollbook.yaml:2:15: limits.line_bytes: 5 is out of range"),
    ("limits: {digits: 1}\n", "tollbook.yaml:1:18: limits.digits: 1 is out of range"),
    ("limits: {expansion: 0}\n", "tollbook.yaml:1:21: limits.expansion: 0 is out of range"),
    ("limits: {label_values: -1}\n", "limits.label_values: -1 is out of range\n  Write a number"),
    ("limits: {open_files: 3}\n", "tollbook.yaml:1:22: limits.open_files: 3 is out of range"),
    ("limits: {time: 30}\n", "tollbook.yaml:1:16: limits.time: `30` is not a duration"),
    ("limits: {lines: 30}\n", "tollbook.yaml:1:10: limits: `lines` is not known here"),
    ("ledger: a.db\nledger: b.db\n", "tollbook.yaml:1:1: `ledger` stands twice"),
    ("a: &x 1\n", "tollbook.yaml:1:"),
    ("budgets: [\n", "tollbook.yaml:2:"),
    ("models: [{provider: openai}]\n", "models[0]: `model` is missing\n  Add `model` here."),
    ("terms: [{gateway: g, rules: [{markup_percent: x}]}]\n", "`x` is not a decimal number"),
    (
      "terms: [{gateway: g}, {gateway: g}]\n",
      "terms[1]: there are terms of the gateway `g` already"
    ),
    ("fx: {table: r.csv, policy: today}\n", "fx.policy: `today` is not one of the words"),
    ("fx: {table: r.csv, decimals: 30}\n", "fx.decimals: 30 is out of range"),
    ("price_books: [missing.yaml]\n", "missing.yaml: there is no such file"),
  ]

  @Test(arguments: broken.indices) func `a broken configuration says where and what to do`(
    index: Int
  ) throws {
    let (text, message) = Self.broken[index]
    try withFolder { folder in
      try folder.write("tollbook.yaml", text)
      try folder.write("a.jsonl", SampleLog.lines(1))
      let run = try Tollbook.run(["ingest", "a.jsonl"], in: folder)
      #expect(run.diagnostics.contains(message), "\(run.diagnostics)")
      #expect(run.status == (text.contains("missing") ? 69 : 65))
      #expect(!folder.has("tollbook.db"))
      #expect(try Tollbook.run(["check"], in: folder).status == 3)
    }
  }

  @Test func `paths are relative to the file that names them`() throws {
    try withFolder { folder in
      let etc = folder.appending(path: "etc")
      try FileManager.default.createDirectory(at: etc, withIntermediateDirectories: true)
      try etc.write("tollbook.yaml", "ledger: usage.db\n")
      try folder.write("a.jsonl", SampleLog.lines(1))
      let run = try Tollbook.run(
        ["ingest", "a.jsonl", "--config", "etc/tollbook.yaml"], in: folder)
      #expect(run.status == 0)
      #expect(etc.has("usage.db"))
      #expect(!folder.has("tollbook.db"))
    }
  }

  // Acceptance row 93.
  @Test func `a configuration that everybody may write is refused`() throws {
    try withFolder { folder in
      try folder.write("tollbook.yaml", "timezone: UTC\n")
      #expect(try Program.shell("chmod o+w tollbook.yaml", in: folder).status == 0)
      let run = try Tollbook.run(["dialects", "list"], in: folder)
      #expect(run.status == 65)
      #expect(run.diagnostics.contains("tollbook.yaml: everybody may write this file"))
    }
  }

  @Test func `a dialect of one's own is read before the built-in ones`() throws {
    try withFolder { folder in
      let own = """
        dialect: acme.log
        gateway: acme
        detect: {all: [acme]}
        fields:
          id: acme.id
          time: at
          request_model: acme.model
          status: {path: ok, values: {"true": ok, "false": error}}
        usage:
          - {shape: openai, at: acme.usage}
        """
      try folder.write("acme.yaml", own)
      try SchemaValidator.expect([folder.appending(path: "acme.yaml").path], fit: "dialect")
      try folder.write(
        "a.jsonl",
        #"{"at":"2026-10-05T12:00:00Z","ok":true,"acme":{"id":"1","model":"gpt-5-mini","#
          + #""usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}}}"# + "\n")
      let run = try Tollbook.run(["normalize", "--dialect", "acme.yaml", "a.jsonl"], in: folder)
      #expect(run.status == 0)
      #expect(run.output.contains(#""gateway":"acme","dialect":"acme.log""#))
      try SchemaValidator.expect(lines: run.output, fit: "usage-event", in: folder)
      let detected = try Tollbook.run(
        ["dialects", "detect", "a.jsonl", "--dialect", "acme.yaml"], in: folder)
      #expect(detected.output == "a.jsonl (lines)\n  acme.log  1\n")
      #expect(detected.status == 0)
      #expect(detected.diagnostics == "")
      try folder.write("acme.yaml", own.replacing("fields:", with: "feilds:"))
      let broken = try Tollbook.run(["normalize", "--dialect", "acme.yaml", "a.jsonl"], in: folder)
      #expect(broken.status == 65)
      #expect(broken.diagnostics.contains("acme.yaml:4:1: `feilds` is not known here"))
      #expect(broken.diagnostics.contains("Did you mean `fields`?"))
    }
  }
}
