import Foundation

/// Lines of one dialect, made here.
enum SampleLog {
  /// A chat completion as OpenAI answers it, on a day of October 2026.
  static func line(
    _ number: Int, model: String = "gpt-5-mini", day: Int = 5, input: Int = 1000,
    output: Int = 200, extra: String = ""
  ) -> String {
    let start = 1_790_812_800 + (day - 1) * 86_400 + number
    return #"{"id":"chatcmpl-\#(number)","object":"chat.completion","created":\#(start),"#
      + #""model":"\#(model)","choices":[{"finish_reason":"stop"}],"#
      + #""usage":{"prompt_tokens":\#(input),"completion_tokens":\#(output),"#
      + #""total_tokens":\#(input + output)}\#(extra)}"#
  }

  /// Some whole lines.
  static func lines(_ count: Int) -> String {
    (0..<count).map { line($0) + "\n" }.joined()
  }
}

/// The account of lines as `--accounting` writes it.
struct Account: Decodable, Equatable {
  var lines: Int
  var event_lines: Int
  var duplicates: Int
  var rejected: Int
  var skipped: Int
  var events: Int
  var id_conflicts: Int
  var rejections: [String: Int]

  var isBalanced: Bool { lines == event_lines + duplicates + rejected + skipped }

  init(_ folder: URL, _ name: String) throws {
    self = try JSONDecoder().decode(
      Account.self, from: Data(contentsOf: folder.appending(path: name)))
  }
}
