import Foundation

/// Texts that nobody may find again, and logs that are full of them.
enum Canaries {
  /// Stands in all of them.
  static let mark = "CANARY"

  /// What leaks: a prompt, credentials of several kinds, an address, a URL with a key.
  static let texts = [
    "the \(mark) prompt: tell nobody of it", "sk-\(mark)0123456789abcdefXYZ",
    "AIza\(mark)0123456789abcdefghijklmnopq", "Bearer \(mark).0123456789.abcdef",
    "\(mark).0123@canary.example", "https://api.example/v1?key=\(mark)0123456789abc",
    "Error: 401 from https://api.example/v1?alt=sse&key=\(mark)0123456789abc {\\\"x\\\": 1}",
  ]

  /// Those that are credentials: they may stand in no field at all.
  static var credentials: [String] { [1, 2, 3, 5].map { texts[$0] } }

  /// Members that no dialect knows, some with a canary as their name.
  private static var members: String {
    let values = texts.enumerated().map { "\"x_note_\($0)\":\"\($1)\"" }
    let headers = "\"x_headers\":{\"authorization\":\"\(texts[3])\",\"x-api-key\":\"\(texts[1])\"}"
    let names = [1, 2, 4].map { "\"\(texts[$0])\":1" }
    return (values + [headers] + names + ["\"x_list\":[\"\(texts[0])\",[\"\(texts[4])\"]]"])
      .joined(separator: ",")
  }

  /// A text of JSON with canaries in each of its objects, in place of each value that is text of
  /// several words or long, and, where `names` says so, of each name of a key, a user or a team.
  static func planted(in json: String, names: Bool) -> String {
    let bytes = Array(json.utf8)
    var result: [UInt8] = []
    var index = 0
    var key = ""
    var attribute = ""
    var count = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\""), let end = stringEnd(bytes, index) {
        let text = String(decoding: bytes[index + 1..<end], as: UTF8.self)
        let isKey = bytes[(end + 1)...].first { !$0.isSpace } == UInt8(ascii: ":")
        if isKey { key = text }
        var shown = text
        if !isKey, key == "key" { attribute = text }
        if !isKey, isProse(text), !isStored(key, attribute) { shown = texts[count % texts.count] }
        if !isKey, names, nameKeys.contains(key) { shown = credentials[count % 4] }
        if shown != text { count += 1 }
        result += Array("\"\(shown)\"".utf8)
        index = end + 1
        continue
      }
      if bytes[index] == UInt8(ascii: "}"), result.last(where: { !$0.isSpace }) != 0x7B {
        result += Array(",\(members)".utf8)
      }
      result.append(bytes[index])
      index += 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Fields that dialects read names from.
  private static let nameKeys: Set<String> = [
    "user_api_key_alias", "user_api_key_hash", "api_key", "key_alias", "virtual_key", "token_name",
    "user", "user_id", "username", "team", "team_id", "user_api_key_team_alias", "project",
    "environment", "virtual_key_name", "selected_key_name", "api_key_name", "end_user", "region",
    "user_api_key_user_id", "trace_id", "session_id", "external_user", "metadata.team",
  ]

  /// A field whose text is stored as a name, however long it is: OTLP says in an attribute which.
  private static func isStored(_ key: String, _ attribute: String) -> Bool {
    guard key == "stringValue" else { return ["modelId", "Region", "arn"].contains(key) }
    return ["key_name", "user", "model"].contains { attribute.contains($0) }
  }

  /// Several words, or longer than any name; no time and no JSON in a text.
  private static func isProse(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(48...57).contains(first), first != UInt8(ascii: "{"),
      first != UInt8(ascii: "[")
    else { return false }
    return text.utf8.count > 60 || text.contains(" ")
  }

  private static func stringEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
    var index = start + 1
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\\") {
        index += 2
      } else if bytes[index] == UInt8(ascii: "\"") {
        return index
      } else {
        index += 1
      }
    }
    return nil
  }
}

extension UInt8 {
  fileprivate var isSpace: Bool { self == 32 || (9...13).contains(self) }
}
