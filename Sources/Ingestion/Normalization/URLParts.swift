/// The parts of a URL that tell whose API it names and which of its operations.
enum URLParts {
  /// The host in lower case, without port and user; the text itself when it is no URL.
  static func host(of url: Span<UInt8>) -> [UInt8] {
    var bytes = lowercased(url)
    if let scheme = bytes.firstRange(of: Array("://".utf8)) {
      bytes.removeSubrange(..<scheme.upperBound)
    }
    let ends: Set<UInt8> = [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")]
    if let end = bytes.firstIndex(where: { ends.contains($0) }) { bytes.removeSubrange(end...) }
    if let at = bytes.lastIndex(of: UInt8(ascii: "@")) { bytes.removeSubrange(...at) }
    if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) { bytes.removeSubrange(colon...) }
    return bytes
  }

  /// What stands before the query, without a slash at its end.
  static func path(of url: Span<UInt8>) -> [UInt8] {
    var bytes = lowercased(url)
    let ends: Set<UInt8> = [UInt8(ascii: "?"), UInt8(ascii: "#")]
    if let end = bytes.firstIndex(where: { ends.contains($0) }) { bytes.removeSubrange(end...) }
    while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    return bytes
  }

  /// The host is this domain or lies below it.
  static func host(_ host: [UInt8], isIn domain: [UInt8]) -> Bool {
    ends(host, with: domain, behind: UInt8(ascii: "."))
  }

  /// The path ends with these segments.
  static func path(_ path: [UInt8], endsWith segments: [UInt8]) -> Bool {
    ends(path, with: segments, behind: UInt8(ascii: "/"))
  }

  private static func ends(_ text: [UInt8], with end: [UInt8], behind separator: UInt8) -> Bool {
    guard text.count > end.count else { return text == end }
    return text.suffix(end.count).elementsEqual(end)
      && text[text.count - end.count - 1] == separator
  }

  private static func lowercased(_ url: Span<UInt8>) -> [UInt8] {
    url.bytes(atMost: 512).map { (65...90).contains($0) ? $0 + 32 : $0 }
  }
}
