/// The text of a Swift file with comments and the inside of strings blanked out: what is left is
/// code, on the same lines.
struct SwiftSource {
  let lines: [String]

  init(_ text: String) {
    var scanner = Scanner(bytes: Array(text.utf8))
    lines = scanner.code().split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  /// The lines, 1-based, that hold a word of its own.
  func lines(with words: Set<String>) -> [Int] {
    lines.indices.filter { !words.isDisjoint(with: Self.words(of: lines[$0])) }.map { $0 + 1 }
  }

  static func words(of line: String) -> [String] {
    line.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
  }

  /// The modules that the file imports.
  var imports: [String] {
    lines.compactMap { line in
      let words = Self.words(of: line)
      guard let place = words.firstIndex(of: "import"),
        words[..<place].allSatisfy({ Self.importPrefixes.contains($0) })
      else { return nil }
      let rest = words[(place + 1)...].drop { Self.importKinds.contains($0) }
      return rest.first
    }
  }

  private static let importPrefixes: Set<String> = [
    "public", "package", "internal", "fileprivate", "private", "preconcurrency", "testable",
    "_exported",
  ]
  private static let importKinds: Set<String> = [
    "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
  ]

  /// The functions and initialisers that have a body: where each starts, and how many lines it has.
  var functions: [(line: Int, length: Int)] {
    var found: [(line: Int, length: Int)] = []
    var open: [(line: Int, depth: Int)] = []
    var pending: Int?
    var braces = 0
    var parentheses = 0
    for (index, line) in lines.enumerated() {
      let declaration = parentheses == 0 ? Self.functionOffset(line) : nil
      for (offset, byte) in line.utf8.enumerated() {
        if offset == declaration { pending = index }
        switch byte {
        case UInt8(ascii: "("): parentheses += 1
        case UInt8(ascii: ")"): parentheses -= 1
        case UInt8(ascii: "{"):
          if let start = pending, parentheses == 0 {
            open.append((start, braces))
            pending = nil
          }
          braces += 1
        case UInt8(ascii: "}"):
          braces -= 1
          pending = parentheses == 0 ? nil : pending
          if let last = open.last, last.depth == braces {
            open.removeLast()
            found.append((last.line + 1, index - last.line + 1))
          }
        default: break
        }
      }
    }
    return found
  }

  /// Where in a line the declaration of a function starts.
  private static func functionOffset(_ line: String) -> Int? {
    let head = line.prefix { $0 != "(" && $0 != "<" && $0 != "=" }
    let words = words(of: String(head))
    if words.contains("func"), let range = head.firstRange(of: "func") {
      return head.utf8.distance(from: head.startIndex, to: range.lowerBound)
    }
    guard let last = words.last, ["init", "deinit", "subscript"].contains(last),
      words.dropLast().allSatisfy({ modifiers.contains($0) }), !head.contains(".")
    else { return nil }
    return 0
  }

  private static let modifiers: Set<String> = [
    "public", "package", "internal", "fileprivate", "private", "convenience", "required",
    "override", "static", "mutating", "nonisolated", "inlinable", "unsafe", "inline",
    "usableFromInline",
  ]
}

/// Walks Swift source text and blanks what is not code.
private struct Scanner {
  let bytes: [UInt8]
  var position = 0
  var output: [UInt8] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func code() -> String {
    while position < bytes.count {
      if starts(with: "//") {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { blank() }
      } else if starts(with: "/*") {
        blockComment()
      } else if let hashes = stringStart() {
        string(hashes: hashes)
      } else {
        output.append(bytes[position])
        position += 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private func starts(with text: String) -> Bool {
    bytes[position...].starts(with: text.utf8)
  }

  /// Drops a byte, but keeps line ends.
  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where position < bytes.count {
      output.append(bytes[position] == UInt8(ascii: "\n") ? bytes[position] : UInt8(ascii: " "))
      position += 1
    }
  }

  private mutating func blockComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        blank(2)
      } else if starts(with: "*/") {
        depth -= 1
        blank(2)
      } else {
        blank()
      }
    } while depth > 0 && position < bytes.count
  }

  /// The number of `#` before a string that starts here.
  private func stringStart() -> Int? {
    let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
    let quote = position + hashes
    return quote < bytes.count && bytes[quote] == UInt8(ascii: "\"") ? hashes : nil
  }

  private mutating func string(hashes: Int) {
    blank(hashes)
    let mark = starts(with: "\"\"\"") ? "\"\"\"" : "\""
    let end = mark + String(repeating: "#", count: hashes)
    let escape = "\\" + String(repeating: "#", count: hashes)
    blank(mark.utf8.count)
    while position < bytes.count, !starts(with: end) {
      if starts(with: escape + "(") {
        interpolation(length: escape.utf8.count)
      } else {
        blank(starts(with: escape) ? escape.utf8.count + 1 : 1)
      }
    }
    blank(end.utf8.count)
  }

  /// An interpolation may hold strings of its own.
  private mutating func interpolation(length: Int) {
    blank(length)
    var depth = 0
    repeat {
      if let hashes = stringStart() {
        string(hashes: hashes)
        continue
      }
      if bytes[position] == UInt8(ascii: "(") { depth += 1 }
      if bytes[position] == UInt8(ascii: ")") { depth -= 1 }
      blank()
    } while depth > 0 && position < bytes.count
  }
}
