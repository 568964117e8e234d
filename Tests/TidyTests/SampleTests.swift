import Foundation
import Testing

/// The sample logs, their truth and the dialects belong together.
@Suite struct SampleTests {
  static let dialectFolder = "Sources/Ingestion/Dialects/BuiltIn"

  static func names(in folder: String, suffix: String) throws -> Set<String> {
    Set(
      try Repository.names(in: folder).filter { $0.hasSuffix(suffix) }
        .map { String($0.dropLast(suffix.count)) })
  }

  @Test func `every sample has its expected events and accounting`() throws {
    let samples = try Self.names(in: "sample-logs", suffix: ".jsonl")
    #expect(!samples.isEmpty)
    let expected = "Tests/Samples/expected"
    #expect(try Self.names(in: expected, suffix: ".events.jsonl") == samples)
    #expect(
      try Self.names(in: expected, suffix: ".accounting.json") == samples.union(["month"]))
  }

  @Test func `every dialect has a sample, and every sample a dialect`() throws {
    // A file without a dot in its name is a table that dialects share.
    let dialects = try Self.names(in: Self.dialectFolder, suffix: ".yaml")
      .filter { $0.contains(".") }
    #expect(try Self.names(in: "sample-logs", suffix: ".jsonl") == dialects)
  }

  @Test func `the samples are what their generator writes`() throws {
    try withTemporaryFolder { folder in
      let logs = folder.appending(path: "logs")
      let truth = folder.appending(path: "truth")
      let run = try Run([
        "python3", "Tests/Samples/generate.py", "--out", logs.path, "--truth", truth.path,
      ])
      #expect(run.status == 0, "\(run.output)")
      for (made, kept) in [(logs, "sample-logs"), (truth, "Tests/Samples/expected")] {
        let names = try FileManager.default.contentsOfDirectory(atPath: made.path)
        #expect(!names.isEmpty)
        for name in names.sorted() {
          let bytes = try Data(contentsOf: made.appending(path: name))
          #expect(
            try bytes == Repository.bytes("\(kept)/\(name)"),
            "\(kept)/\(name) differs: run python3 Tests/Samples/generate.py")
        }
      }
    }
  }

  @Test func `nothing private is expected in an event`() throws {
    for path in try Repository.files(below: "Tests/Samples/expected") {
      let text = try Repository.text(path)
      for secret in ["CANARY", "sk-"] { #expect(!text.contains(secret), "\(path)") }
    }
    let canaries = try Repository.files(below: "sample-logs").filter {
      try Repository.text($0).contains("CANARY")
    }
    #expect(canaries.count == (try Repository.files(below: "sample-logs", suffix: ".jsonl").count))
  }

  @Test func `the lines of every file are accounted for`() throws {
    struct Accounting: Decodable {
      var lines, event_lines, duplicates, rejected, skipped, bytes: Int
      var rejections: [String: Int]
    }
    for path in try Repository.files(below: "Tests/Samples/expected", suffix: ".accounting.json") {
      let account = try JSONDecoder().decode(Accounting.self, from: Repository.bytes(path))
      let parts =
        account.event_lines + account.duplicates + account.rejected + account.skipped
      #expect(account.lines == parts, "\(path)")
      #expect(account.rejected == account.rejections.values.reduce(0, +), "\(path)")
      let name = path.split(separator: "/").last?.dropLast(".accounting.json".count) ?? ""
      if name != "month" {
        #expect(try Repository.bytes("sample-logs/\(name).jsonl").count == account.bytes)
      }
    }
  }

  /// Two programs that share no code agree on what the lines are: the generator, which knew when
  /// it wrote them, and the recomputation, which reads them.
  @Test(arguments: [nil, 1, 2] as [Int?])
  func `the recomputation counts what the generator wrote`(seed: Int?) throws {
    struct Accounting: Decodable { var lines, duplicates, rejected, skipped, events: Int }
    struct Totals: Decodable {
      struct Total: Decodable { var requests: Int }
      var lines, duplicates, rejected, skipped: Int
      var total: Total
    }
    try withTemporaryFolder { folder in
      let logs = folder.appending(path: "logs")
      var generate = ["python3", "Tests/Samples/generate.py"]
      generate += ["--out", logs.path, "--truth", folder.path]
      if let seed { generate += ["--seed", "\(seed)", "--lines", "300"] }
      let generated = try Run(generate)
      #expect(generated.status == 0, "\(generated.output)")
      let account = try JSONDecoder().decode(
        Accounting.self, from: Data(contentsOf: folder.appending(path: "month.accounting.json")))
      let names = try FileManager.default.contentsOfDirectory(atPath: logs.path).sorted()
      let run = try Run(
        ["python3", "Tests/Oracle/recompute.py"] + names.map { logs.appending(path: $0).path })
      let totals = try JSONDecoder().decode(Totals.self, from: Data(run.output.utf8))
      #expect(totals.lines == account.lines)
      #expect(totals.duplicates == account.duplicates)
      #expect(totals.rejected == account.rejected)
      #expect(totals.skipped == account.skipped)
      #expect(totals.total.requests == account.events)
    }
  }

  @Test func `the samples stay small`() throws {
    let size = try Repository.files(below: "sample-logs").reduce(0) {
      $0 + (try Repository.bytes($1).count)
    }
    #expect(size < 1_500_000)
  }

  @Test func `the expected events follow the schema`() throws {
    let validator = ".venv/bin/check-jsonschema"
    try #require(Repository.exists(validator), "run make test: it installs \(validator)")
    try withTemporaryFolder { folder in
      var lists: [String] = []
      for path in try Repository.files(below: "Tests/Samples/expected", suffix: ".events.jsonl") {
        // The validator reads JSON, not JSON Lines.
        let lines = try Repository.text(path).split(separator: "\n").joined(separator: ",")
        let list = folder.appending(path: path.replacing("/", with: "-") + ".json")
        try Data("[\(lines)]".utf8).write(to: list)
        lists.append(list.path)
      }
      let run = try Run(
        [validator, "--schemafile", "Tests/Samples/usage-events.schema.json"] + lists)
      #expect(run.status == 0, "\(run.output)")
    }
  }
}
