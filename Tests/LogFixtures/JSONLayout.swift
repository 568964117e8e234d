/// Records of JSON as programs lay them out.
public enum JSONLayout {
  /// A record over several lines, as most printers write it.
  public static func pretty(_ record: String, indent: String = "") -> String {
    var text = ""
    var depth = 0
    var isInString = false
    var isEscape = false
    let newLine = { "\n" + indent + String(repeating: "  ", count: depth) }
    for character in record.unicodeScalars {
      if isInString {
        text.unicodeScalars.append(character)
        if isEscape {
          isEscape = false
        } else if character == "\\" {
          isEscape = true
        } else if character == "\"" {
          isInString = false
        }
        continue
      }
      switch character {
      case "{", "[":
        depth += 1
        text += "\(character)" + newLine()
      case "}", "]":
        depth -= 1
        text += newLine() + "\(character)"
      case ",": text += "," + newLine()
      case ":": text += ": "
      default:
        isInString = character == "\""
        text.unicodeScalars.append(character)
      }
    }
    return text
  }

  /// A record without the space between its parts.
  public static func packed(_ record: String) -> String {
    var text = ""
    var isInString = false
    var isEscape = false
    for character in record.unicodeScalars {
      if isInString || !character.properties.isWhitespace {
        text.unicodeScalars.append(character)
      }
      if isEscape {
        isEscape = false
      } else if isInString, character == "\\" {
        isEscape = true
      } else if character == "\"" {
        isInString.toggle()
      }
    }
    return text
  }

  /// All documents of the same records.
  public static func documents(_ records: [String]) -> [(name: String, text: String)] {
    let laid = records.map { pretty($0) }
    let inner = records.map { "  " + pretty($0, indent: "  ") }
    return [
      ("array", "[" + records.joined(separator: ",") + "]"),
      ("array with spaces", " [ " + records.joined(separator: " , ") + " ] \n"),
      ("array of lines", "[\n" + records.joined(separator: ",\n") + "\n]\n"),
      ("array, comma first", "[\n  " + records.joined(separator: "\n  ,") + "\n]\n"),
      ("array, bracket first", "[" + laid.joined(separator: ", ") + "]"),
      ("pretty array", "[\n" + inner.joined(separator: ",\n") + "\n]"),
      ("pretty", laid.joined(separator: "\n") + "\n"),
      ("pretty with commas", laid.joined(separator: ",\n")),
      ("pretty, side by side", laid.joined()),
      ("concatenated", records.joined()),
      ("concatenated with commas", records.joined(separator: ",")),
      ("concatenated with spaces", records.joined(separator: " ") + "\n"),
      ("lines with commas", records.joined(separator: ",\n") + ",\n"),
      ("text sequence", records.map { "\u{1E}" + $0 + "\n" }.joined()),
      ("pretty text sequence", laid.map { "\u{1E}" + $0 + "\n" }.joined()),
      (
        "two arrays",
        "[" + records.prefix(2).joined(separator: ",") + "]["
          + records.dropFirst(2).joined(separator: ",") + "]"
      ),
    ]
  }
}
