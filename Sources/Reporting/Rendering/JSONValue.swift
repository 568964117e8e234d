/// A JSON document whose keys stand in the order in which they were written.
public indirect enum JSONValue: Sendable, Hashable {
  case string(String)
  case integer(Int64)
  case boolean(Bool)
  case array([JSONValue])
  case object([Member])

  /// A key with its value.
  public struct Member: Sendable, Hashable {
    public var key: String
    public var value: JSONValue

    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// A member, or nothing when the value is unknown: what is unknown is absent, never null.
  public static func member(_ key: String, _ value: JSONValue?) -> [Member] {
    value.map { [Member(key, $0)] } ?? []
  }

  /// The text, indented by two spaces, with a line feed at the end.
  public var text: String {
    var text = ""
    write(to: &text, indent: "\n")
    return text + "\n"
  }

  /// The text as one line, with a line feed at the end.
  public var line: String {
    var text = ""
    write(to: &text, indent: "")
    return text + "\n"
  }

  // An empty indent puts all on one line. The depth is that of the program's own documents, never of input.
  private func write(to text: inout String, indent: String) {
    switch self {
    case .string(let value): Self.write(value, to: &text)
    case .integer(let value): text += "\(value)"
    case .boolean(let value): text += value ? "true" : "false"
    case .array(let values):
      Self.write(values, "[", "]", to: &text, indent: indent) { value, text, indent in
        value.write(to: &text, indent: indent)
      }
    case .object(let members):
      Self.write(members, "{", "}", to: &text, indent: indent) { member, text, indent in
        Self.write(member.key, to: &text)
        text += indent.isEmpty ? ":" : ": "
        member.value.write(to: &text, indent: indent)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout String, indent: String,
    _ body: (Element, inout String, String) -> Void
  ) {
    text += open
    let inner = indent.isEmpty ? "" : indent + "  "
    for (index, element) in elements.enumerated() {
      text += (index == 0 ? "" : ",") + inner
      body(element, &text, inner)
    }
    text += (elements.isEmpty ? "" : indent) + close
  }

  /// Everything that a terminal would act on is escaped; the value that is read back is the same.
  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      default:
        if VisibleText.isHidden(scalar) {
          for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
          }
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\""
  }
}
