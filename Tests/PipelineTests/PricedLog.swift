import Billing
import Catalog
import Documents
import Foundation
import LogFixtures
import Pipeline
import Synchronization

/// What a small price book makes of the lines of a log, or of events.
struct PricedLog {
  /// The charge of one event, as `tollbook price` prints it.
  struct Line {
    var event: [String: Any]
    var charge: [String: Any]

    var status: String { text("status") }
    var reason: String { text("reason") }
    var tier: String { text("tier") }
    var matched: String { text("matched") }
    /// Empty without a price.
    var list: String { text("list_cost") }
    var billed: String { text("billed_cost") }
    var currency: String { text("currency") }

    /// `input 200, output 100`: what was counted, in the order of the charge.
    var quantities: String {
      let parts = charge["components"] as? [[String: Any]] ?? []
      return parts.map { "\($0["meter"] ?? "") \($0["quantity"] ?? "")" }.joined(separator: ", ")
    }

    private func text(_ key: String) -> String { charge[key] as? String ?? "" }
  }

  /// By the lines of the log that are events.
  var lines: [Line] = []
  var rejected: [String: Int64] = [:]
  var duplicates: Int64 = 0

  static func pricer(_ entries: String, terms: String? = nil) throws -> BookPricer {
    let text = "version: 1\nid: small\nentries:\n" + entries
    let book = try PriceTable(reading: try DocumentNode.read(text: text, file: "book.yaml"))
    let own = try terms.map { try GatewayTerms(reading: try .read(text: $0, file: "terms.yaml")) }
    return BookPricer(book: book, terms: own.map { [$0] } ?? [])
  }

  /// - Parameters:
  ///   - log: lines of any dialect.
  ///   - entries: items of a price book's `entries`.
  init(_ log: String, entries: String, terms: String? = nil) throws {
    try self.init(log, pricer: try Self.pricer(entries, terms: terms))
  }

  init(_ log: String, pricer: any Pricer) throws {
    let reading = try Reading.of(log)
    try self.init(events: String(decoding: reading.bytes, as: UTF8.self), pricer: pricer)
    for (reason, count) in reading.rejections { rejected[reason.name] = count }
    duplicates = reading.accounting.duplicates
  }

  init(events: String, entries: String, terms: String? = nil) throws {
    try self.init(events: events, pricer: try Self.pricer(entries, terms: terms))
  }

  private init(events: String, pricer: any Pricer) throws {
    let folder = try Folder()
    let file = try folder.write("events.jsonl", events)
    let bytes = Mutex<[UInt8]>([])
    let report = try EventPricer(pricer, ReadingOptions()).run([.file(file)]) { piece in
      bytes.withLock { $0 += piece }
    }
    if let failure = report.failures.first { throw failure }
    lines = try bytes.withLock { $0 }.split(separator: UInt8(ascii: "\n")).map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] ?? [:]
      return Line(event: object, charge: object["charge"] as? [String: Any] ?? [:])
    }
  }

  /// The list cost of the only event; empty unless it is fully priced.
  var onlyCost: String { lines.count == 1 && lines[0].status == "priced" ? lines[0].list : "" }
}

/// Lines of the dialects that the mistakes are shown in. Names of models are made up.
enum MistakenLog {
  /// OpenAI's chat form, and that of every compatible API.
  static func chat(
    _ usage: String, model: String = "gpt-9", id: String = "c1", more: String = ""
  ) -> String {
    #"{"id":"\#(id)","object":"chat.completion","created":1791000000,"model":"\#(model)","#
      + #""usage":{\#(usage)}\#(more)}"# + "\n"
  }

  static func message(_ usage: String, id: String = "msg_1") -> String {
    #"{"model":"claude-9","id":"\#(id)","type":"message","role":"assistant","usage":{\#(usage)},"#
      + #""timestamp":"2026-10-05T12:00:00Z"}"# + "\n"
  }

  static func gemini(_ usage: String, id: String = "r1") -> String {
    #"{"usageMetadata":{\#(usage)},"modelVersion":"gemini-9","responseId":"\#(id)","#
      + #""timestamp":"2026-10-05T12:00:00Z"}"# + "\n"
  }

  /// An event with what is given behind its time; 2026-10-05 is a Monday.
  static func event(
    _ more: String, provider: String = "openai", model: String = "gpt-9",
    time: String = "2026-10-05T12:00:00Z"
  ) -> String {
    #"{"time":"\#(time)","provider":"\#(provider)","request_model":"\#(model)","status":"ok","#
      + more + "}\n"
  }
}
