import Foundation
import Testing

/// `schemas/dialect.schema.json` says what the program says.
@Suite struct DialectSchemaTests {
  static let folder = "Sources/Ingestion/Dialects/BuiltIn"

  @Test func `every built-in dialect fits the schema`() throws {
    let files = try Repository.names(in: Self.folder).filter { name in
      try Repository.text("\(Self.folder)/\(name)").split(separator: "\n")
        .contains { $0.hasPrefix("dialect:") }
    }
    #expect(files.count >= 60)
    try SchemaValidator.expect(
      files.map { Repository.path("\(Self.folder)/\($0)") }, fit: "dialect")
  }

  /// Lines that are added to a dialect that is right.
  static let wrong = [
    "reader: x", "order: 1.5", "keys: lose", "aggregates: maybe", "revisions: last",
    "each: l[*]\nunwrap: {at: r}", "keys: loose\neach: l[*]", "containers: [a]",
    "defaults: {id: a}",
    "unwrap: {at: r}\ncarry: {m: model}", "unwrap: {at: []}", "embedded: [\"a[*]\"]", "skip: []",
    "keyed: {at: a, key: k}", "errors: [a, a]", "usage: {shape: openai, at: u}",
    "usage: [{shape: openai}]",
    "usage: [{shape: {cache: within, reasoning: inside, input: i}, at: u}]",
    "usage: [{shape: {cache: inside, reasoning: inside, total: t}, at: u}]", "carry: {}",
    "carry: {model: {path: a, keep: frist}}", "routing: {attempts: {list: l}}",
    "errors: {constant: server}", "errors: {path: a, values: {b: fatal}}",
    "routing: {attempts: [{list: a, order: reverse}]}",
    "usage: [{shape: {input: i, cache: {read: inside}}, at: u}]",
    "skip: [{path: a, equals: b, not: c}]", "skip: [{equals: b}]", "skip: [{path: a, kind: lst}]",
  ]

  /// Fields that are wrong.
  static let wrongFields = [
    "modle: a", "id: []", "id: {path: a, constant: b}", "id: {when: a}",
    "id: {path: a, secret: true}",
    "id: \"a[*]\"", "id: {path: a, after: x, after_last: y}", "latency_ms: {from: a}",
    "latency_ms: {path: a, unit: usd}", "latency_ms: {path: a, less: b}", "images: {constant: 1}",
    "reported_cost: {path: a, factor: 0}", "reported_cost: {path: a, factor: \"1e-6\"}",
    "reported_cost: {path: a, markup_ratio: b}", "http_status: {path: a, factor: \"2\"}",
    "status: state", "status: {path: a, values: {b: okay}}", "operation: {url_path: u}",
    "time: {path: a, zone: Berlin}", "team: {path: a, split: \",\"}",
    "reported_cost: {sum: [a], path: c}", "latency_ms: {sum: [a, b]}",
    "stream: {constant: \"yes\"}", "time: {path: a, values: {b: c}}", "time: {path: a, warn: soon}",
  ]

  @Test func `what the program refuses does not fit the schema`() throws {
    try withFolder { folder in
      let head = "dialect: x\ngateway: x\ndetect: {all: [a]}\n"
      let texts =
        Self.wrong.map { head + "fields: {id: i}\n\($0)\n" }
        + Self.wrongFields.map { head + "fields:\n  \($0)\n" }
        + ["dialect: X Y\ngateway: x\ndetect: {all: [a]}\nfields: {id: i}\n"]
      var paths: [String] = []
      for (index, text) in texts.enumerated() {
        try folder.write("wrong-\(index).yaml", text)
        paths.append(folder.appending(path: "wrong-\(index).yaml").path)
      }
      let fitting = try SchemaValidator.fitting(paths, "dialect")
      #expect(fitting.map { texts[$0] } == [])
      // The same is refused by the program, so that the two cannot part.
      for (path, text) in zip(paths, texts) {
        let run = try Tollbook.run(["dialects", "list", "--dialect", path], in: folder)
        #expect(run.status == 65, "\(text)")
      }
    }
  }

  /// Keys of mappings in the schema, with what is said of them.
  private static func keys(_ value: Any, _ path: String) -> [(path: String, about: [String: Any])] {
    guard let object = value as? [String: Any] else {
      return (value as? [Any] ?? []).flatMap { keys($0, path) }
    }
    var found: [(path: String, about: [String: Any])] = []
    for (key, inner) in object {
      if key == "properties", let named = inner as? [String: [String: Any]] {
        found += named.map { (path: "\(path).\($0.key)", about: $0.value) }
      }
      found += keys(inner, "\(path).\(key)")
    }
    return found
  }

  @Test func `every key is described and has an example`() throws {
    let text = try Repository.text("schemas/dialect.schema.json")
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
    // What only narrows a key elsewhere says nothing of it.
    let keys = Self.keys(schema, "").filter { !$0.path.contains(".allOf.") }
    #expect(keys.count > 100)
    for (path, about) in keys {
      let name = (about["$ref"] as? String)?.split(separator: "/").last.map(String.init)
      let shared = name.flatMap { definitions[$0] } ?? [:]
      for part in ["description", "examples"] {
        #expect(about[part] != nil || shared[part] != nil, "\(path) has no \(part)")
      }
    }
  }
}
