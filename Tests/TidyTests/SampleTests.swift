import Foundation
import Testing

/// A folder of sample logs, and of the truth about them.
struct SampleFolder: CustomStringConvertible {
  var logs: String
  var truth: String

  /// The month of the company.
  static let month = SampleFolder(logs: "sample-logs", truth: "Tests/Samples/expected")
  static let gateways = month.below("gateways")
  static let envelopes = month.below("envelopes")
  static let all = [month, gateways, envelopes]

  private func below(_ name: String) -> SampleFolder {
    SampleFolder(logs: "\(logs)/\(name)", truth: "\(truth)/\(name)")
  }

  var description: String { logs }

  /// The paths of the logs by the name of the sample: what stands before the last dot.
  var samples: [String: String] {
    get throws {
      var samples: [String: String] = [:]
      for file in try Repository.names(in: logs) where file != "tollbook.yaml" {
        let path = "\(logs)/\(file)"
        guard !Repository.isFolder(path), let dot = file.lastIndex(of: ".") else { continue }
        let other = samples.updateValue(path, forKey: String(file[..<dot]))
        #expect(other == nil, "\(path) and \(other ?? "") share their truth")
      }
      return samples
    }
  }

  /// The dialects that have a sample: one of several is named `dialect+word`.
  var dialects: Set<String> {
    get throws { Set(try samples.keys.map { String($0.prefix { $0 != "+" }) }) }
  }
}

/// The sample logs, their truth and the dialects belong together.
@Suite struct SampleTests {
  static let dialectFolder = "Sources/Ingestion/Dialects/BuiltIn"

  static func names(in folder: String, suffix: String) throws -> Set<String> {
    Set(
      try Repository.names(in: folder).filter { $0.hasSuffix(suffix) }
        .map { String($0.dropLast(suffix.count)) })
  }

  /// The names of the dialects, and those of envelopes among them: the other files are tables that
  /// dialects share.
  static func dialects() throws -> (all: Set<String>, envelopes: Set<String>) {
    var all: Set<String> = []
    var envelopes: Set<String> = []
    for name in try names(in: dialectFolder, suffix: ".yaml") {
      let lines = try Repository.text("\(dialectFolder)/\(name).yaml").split(separator: "\n")
      guard let line = lines.first(where: { $0.hasPrefix("dialect:") }) else { continue }
      #expect(line == "dialect: \(name)", "\(name).yaml")
      all.insert(name)
      if lines.contains(where: { $0.hasPrefix("unwrap:") }) { envelopes.insert(name) }
    }
    return (all, envelopes)
  }

  @Test func `every sample has its expected events and accounting`() throws {
    for folder in SampleFolder.all {
      let samples = Set(try folder.samples.keys)
      let month: Set = folder.logs == SampleFolder.month.logs ? ["month"] : []
      #expect(try Self.names(in: folder.truth, suffix: ".events.jsonl") == samples, "\(folder)")
      #expect(
        try Self.names(in: folder.truth, suffix: ".accounting.json") == samples.union(month),
        "\(folder)")
    }
    #expect(!(try SampleFolder.month.samples.isEmpty))
  }

  @Test func `every dialect has a sample, and every sample a dialect`() throws {
    let (dialects, envelopes) = try Self.dialects()
    let sampled = try SampleFolder.all.reduce(into: Set<String>()) { $0.formUnion(try $1.dialects) }
    #expect(dialects.subtracting(sampled).sorted() == [], "dialects without a sample")
    #expect(sampled.subtracting(dialects).sorted() == [], "samples without a dialect")
    #expect(try SampleFolder.envelopes.dialects.subtracting(envelopes).sorted() == [])
  }

  @Test func `the samples are what their generator writes`() throws {
    try withTemporaryFolder { folder in
      let logs = folder.appending(path: SampleFolder.month.logs)
      let truth = folder.appending(path: SampleFolder.month.truth)
      let run = try Run([
        "python3", "Tests/Samples/generate.py", "--out", logs.path, "--truth", truth.path,
      ])
      #expect(run.status == 0, "\(run.output)")
      for kept in SampleFolder.all.flatMap({ [$0.logs, $0.truth] }) {
        let names = try Repository.names(in: kept).filter {
          $0 != "tollbook.yaml" && !Repository.isFolder("\(kept)/\($0)")
        }
        #expect(try Self.files(in: folder.appending(path: kept)) == names, "\(kept)")
        for name in names {
          let made = folder.appending(path: "\(kept)/\(name)")
          #expect(
            try Data(contentsOf: made) == Repository.bytes("\(kept)/\(name)"),
            "\(kept)/\(name) differs: run python3 Tests/Samples/generate.py")
        }
      }
    }
  }

  /// The names of the files in a folder outside of the checkout, sorted; none when it is missing.
  private static func files(in folder: URL) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter {
        let path = folder.appending(path: $0).path
        return (try? FileManager.default.contentsOfDirectory(atPath: path)) == nil
      }
      .sorted()
  }

  @Test func `nothing private is expected in an event`() throws {
    for path in try Repository.files(below: SampleFolder.month.truth) {
      let text = try Repository.text(path)
      #expect(!text.contains("CANARY"), "\(path)")
      // A key begins with these letters; the end of a word, as in `desk-1`, is none.
      let keys = text.ranges(of: "sk-").filter {
        $0.lowerBound == text.startIndex || !text[text.index(before: $0.lowerBound)].isLetter
      }
      #expect(keys.isEmpty, "\(path)")
    }
    for folder in SampleFolder.all {
      let samples = try folder.samples.values
      let canaries = try samples.filter { try Repository.text($0).contains("CANARY") }
      // Some formats of single gateways have no place for a text.
      let least = folder.logs == SampleFolder.month.logs ? samples.count : samples.count / 2
      #expect(canaries.count >= least, "\(folder)")
    }
  }

  @Test func `the lines of every file are accounted for`() throws {
    struct Accounting: Decodable {
      var lines, event_lines, duplicates, rejected, skipped, bytes: Int
      var rejections: [String: Int]
    }
    for folder in SampleFolder.all {
      let samples = try folder.samples
      for name in try Self.names(in: folder.truth, suffix: ".accounting.json") {
        let path = "\(folder.truth)/\(name).accounting.json"
        let account = try JSONDecoder().decode(Accounting.self, from: Repository.bytes(path))
        let parts =
          account.event_lines + account.duplicates + account.rejected + account.skipped
        #expect(account.lines == parts, "\(path)")
        #expect(account.rejected == account.rejections.values.reduce(0, +), "\(path)")
        if let sample = samples[name] {
          #expect(try Repository.bytes(sample).count == account.bytes, "\(sample)")
        }
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
      // The recomputation knows the forms of the month only.
      let names = try Self.files(in: logs)
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

  @Test func `the table of acceptance rows is what the tests say`() throws {
    let run = try Run(["python3", "Tests/rows.py", "--check"])
    #expect(run.status == 0, "\(run.output)")
  }

  @Test func `the samples stay small`() throws {
    for folder in SampleFolder.all {
      let size = try folder.samples.values.reduce(0) { $0 + (try Repository.bytes($1).count) }
      #expect(size < 1_500_000, "\(folder)")
    }
  }

  @Test func `the expected events follow the schema`() throws {
    let validator = ".venv/bin/check-jsonschema"
    try #require(Repository.exists(validator), "run make test: it installs \(validator)")
    try withTemporaryFolder { folder in
      var lists: [String] = []
      for path in try Repository.files(below: SampleFolder.month.truth, suffix: ".events.jsonl") {
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
