import Foundation
import Testing

/// Prompts, completions, error texts and credentials reach nothing that the program writes.
///
/// Acceptance row 91.
@Suite struct PrivacyTests {
  @Test func `no canary of the samples gets out`() throws {
    try withFolder { folder in
      let marks = ["CANARY", "sk-"]
      let logs = try Repository.samples.map { try String(contentsOfFile: $0, encoding: .utf8) }
      for mark in marks { #expect(logs.contains { $0.contains(mark) }) }
      let samples = try Repository.samples
      let commands = [
        ["ingest"] + samples, ["try"] + samples, ["normalize", "--accounting", "a.json"] + samples,
        ["report", "-o", "a.md", "-o", "a.csv", "-o", "a2.json", "-o", "a.txt"], ["check"],
        ["verify"], ["dialects", "detect", samples[0]], ["price", samples[0]],
      ]
      for command in commands {
        let run = try Tollbook.run(command, in: folder)
        for mark in marks {
          #expect(!(run.output + run.diagnostics).contains(mark), "\(command[0]) tells \(mark)")
        }
      }
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        let bytes = try Data(contentsOf: folder.appending(path: name))
        for mark in marks {
          #expect(bytes.range(of: Data(mark.utf8)) == nil, "\(name) holds \(mark)")
        }
      }
    }
  }

  /// Sample logs with canaries, in the folder `logs`, and how many they are.
  private static func plantLogs(in folder: URL) throws -> Int {
    let logs = folder.appending(path: "logs")
    try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: true)
    var count = 0
    for group in ["sample-logs", "sample-logs/gateways", "sample-logs/envelopes"] {
      for name in try Repository.names(in: group) where name.contains(".json") {
        let text = try Repository.text("\(group)/\(name)")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let head = name.hasSuffix(".jsonl") ? lines.prefix(25).joined(separator: "\n") : text
        for names in [false, true] {
          try logs.write("\(names)-\(name)", Canaries.planted(in: head, names: names) + "\n")
        }
        count += 2
      }
    }
    let broken = Canaries.texts + Canaries.texts.map { "{\"error\":\"\($0)\",\"usage\":{\"a\":" }
    try logs.write("broken.jsonl", broken.joined(separator: "\n") + "\n" + control + "\n")
    try logs.write("wide.csv", "Total cost,\(Canaries.texts[1])\n1,\(Canaries.texts[0])\n")
    return count
  }

  /// A good line with a name of its own in a field that is stored.
  private static let control =
    #"{"id":"r-1","call_type":"acompletion","status":"success","startTime":1791000000.25,"#
    + #""endTime":1791000001.5,"model":"gpt-5-mini","model_group":"gpt-5-mini","#
    + #""custom_llm_provider":"openai","prompt_tokens":100,"completion_tokens":20,"#
    + #""total_tokens":120,"metadata":{"user_api_key_team_alias":"TEAM-THAT-IS-FOUND"},"#
    + #""model_map_information":{}}"#

  /// All bytes of the files of a folder, and all that SQLite files hold when they are read and their
  /// zstd frames opened, as one file.
  private static let sweep = """
    import pathlib, sqlite3, subprocess, sys
    out = open(sys.argv[2], 'wb')
    for path in sorted(pathlib.Path(sys.argv[1]).rglob('*')):
        if not path.is_file(): continue
        data = path.read_bytes()
        out.write(data)
        if not data.startswith(b'SQLite format 3') or path.name.endswith('.copy'): continue
        db = sqlite3.connect(f'file:{path}?mode=ro', uri=True)
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            for row in db.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    if isinstance(value, str): out.write(value.encode())
                    if not isinstance(value, bytes): continue
                    out.write(value)
                    start = value.find(b'\\x28\\xb5\\x2f\\xfd')
                    if start >= 0:
                        out.write(subprocess.run(['zstd', '-dcq'], input=value[start:],
                                                 capture_output=True).stdout)
    """

  /// Runs every command on the logs, one of them killed on the way, and keeps all it says.
  private static func runAll(in folder: URL) throws {
    let tollbook = "'\(Tollbook.binary.path)'"
    try folder.write("own.yaml", "dialect: own.x\ngateway: own\ndetect: {all: [x_note_0]}\n")
    let script = """
      mkdir ledger said copies
      ( for i in $(seq 400); do cp ledger/* copies/ 2>/dev/null; sleep 0.02; done ) & copier=$!
      for file in logs/*; do
        timeout -s KILL 0.1 \(tollbook) ingest --ledger ledger/t.db "$file"
      done >said/killed 2>&1
      \(tollbook) ingest --ledger ledger/t.db logs >said/ingest 2>&1
      kill $copier; wait
      for file in copies/*; do mv "$file" "$file.copy"; done
      \(tollbook) normalize logs --accounting said/account.json >said/normalize 2>&1
      \(tollbook) try logs >said/try 2>&1
      cd ledger
      for by in model,provider key,team,project gateway,region; do
        \(tollbook) report --ledger t.db --by $by -o ../said/$by.md -o ../said/$by.csv \
          -o ../said/$by.json -o ../said/$by.txt
      done >../said/report 2>&1
      \(tollbook) check --ledger t.db >../said/check 2>&1
      \(tollbook) verify --ledger t.db >../said/verify 2>&1
      \(tollbook) prices missing --ledger t.db >../said/missing 2>&1
      cd ..
      \(tollbook) explain r-1 logs/broken.jsonl >said/explain 2>&1
      \(tollbook) dialects detect logs/* >said/detect 2>&1
      for name in litellm.slp own.yaml; do
        \(tollbook) dialects check $name logs/*
      done >said/dialects 2>&1
      """
    #expect(try Program.shell(script, in: folder).status >= 0)
  }

  @Test func `no canary in any field gets out`() throws {
    try withFolder { folder in
      let count = try Self.plantLogs(in: folder)
      #expect(count > 120)
      try Self.runAll(in: folder)
      try folder.write("sweep.py", Self.sweep)
      for name in ["ledger", "said", "copies"] {
        let line = "python3 sweep.py \(name) \(name).bytes"
        let run = try Program.shell(line, in: folder)
        #expect(run.status == 0, "\(run.diagnostics)")
        let bytes = try Data(contentsOf: folder.appending(path: "\(name).bytes"))
        let found = Self.surroundings(of: Canaries.mark, in: bytes)
        #expect(found.isEmpty, "\(name): \(found)")
        // What may be stored is found, so that the search is known to see.
        if name != "copies" { #expect(bytes.range(of: Data("TEAM-THAT-IS-FOUND".utf8)) != nil) }
      }
      // The logs were understood, with all that was planted in them.
      let account = try folder.text("said/account.json")
      let events = account.split(separator: ",").first { $0.contains("\"events\"") } ?? ""
      #expect(Int(events.filter(\.isNumber)) ?? 0 > 1000, "\(account)")
      #expect(try folder.text("said/verify").contains("nothing is wrong"))
      #expect(try folder.text("said/key,team,project.csv").contains("key-"))
    }
  }

  /// Where a text was found: the bytes around the first ones.
  private static func surroundings(of mark: String, in bytes: Data) -> [String] {
    var found: [String] = []
    var rest = bytes[...]
    while found.count < 8, let range = rest.range(of: Data(mark.utf8)) {
      let start = max(rest.startIndex, range.lowerBound - 80)
      let end = min(rest.endIndex, range.upperBound + 40)
      found.append(String(decoding: rest[start..<end], as: UTF8.self))
      rest = rest[range.upperBound...]
    }
    return found
  }

  @Test func `a credential in place of a name is known by its hash`() throws {
    try withFolder { folder in
      let key = "sk-CANARY0123456789abcdefXYZ"
      let lines = ["a", "b"].map {
        Self.control.replacing("r-1", with: $0).replacing("TEAM-THAT-IS-FOUND", with: key)
      }
      try folder.write("a.jsonl", lines.joined(separator: "\n") + "\n")
      let run = try Tollbook.run(["normalize", "-q", "a.jsonl"], in: folder)
      let teams = run.output.matches(of: /"team":"(key-[0-9a-f]{12})"/).map(\.output.1)
      #expect(teams.count == 2 && teams[0] == teams[1])
      #expect(!run.output.contains(Canaries.mark))
      let plain = Self.control.replacing("TEAM-THAT-IS-FOUND", with: "sk-learn-service-team")
      let kept = try Tollbook.run(["normalize", "-q", "-"], in: folder, input: Data(plain.utf8))
      #expect(kept.output.contains(#""team":"sk-learn-service-team""#))
    }
  }
}
