import Billing

/// Where each name stands in a book of one entry a line, so that a run that needs ten models reads
/// ten lines.
///
/// A line is `provider TAB name TAB offset TAB length TAB x|a`, sorted by bytes; names are in lower
/// case; `a` marks an alias. The first line holds the providers, separated by spaces.
struct PriceBookIndex: Sendable {
  struct Place {
    var range: Range<Int>
    var isAlias: Bool
  }

  private let bytes: [UInt8]
  private let linesStart: Int
  let providers: [String]

  private static let tab = UInt8(ascii: "\t")
  private static let newline = UInt8(ascii: "\n")

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    let end = bytes.firstIndex(of: Self.newline) ?? bytes.endIndex
    providers = bytes[..<end].split(separator: UInt8(ascii: " ")).map {
      String(decoding: $0, as: UTF8.self)
    }
    linesStart = min(end + 1, bytes.endIndex)
  }

  /// The place of a name at a provider.
  ///
  /// - Complexity: O(log *n*).
  func place(provider: String, name: String) -> Place? {
    var key = Array(provider.utf8)
    key.append(Self.tab)
    key.append(contentsOf: name.asciiLowercased.utf8)
    key.append(Self.tab)
    var low = linesStart
    var high = bytes.count
    while low < high {
      var start = low + (high - low) / 2
      while start > low, bytes[start - 1] != Self.newline { start -= 1 }
      let end = bytes[start..<high].firstIndex(of: Self.newline) ?? high
      let line = bytes[start..<end]
      if line.starts(with: key) { return place(line.dropFirst(key.count)) }
      if line.lexicographicallyPrecedes(key) { low = end + 1 } else { high = start }
    }
    return nil
  }

  /// The places of the entries of some providers, of all for `nil`, in the order of the book.
  func places(of providers: Set<String>?) -> [Range<Int>] {
    let wanted = providers.map { Set($0.map { Array($0.utf8) }) }
    var seen: Set<Int> = []
    var ranges: [Range<Int>] = []
    for line in bytes[linesStart...].split(separator: Self.newline) {
      let fields = line.split(separator: Self.tab, omittingEmptySubsequences: false)
      guard fields.count == 5, wanted?.contains(Array(fields[0])) ?? true,
        let place = place(bytes[fields[2].startIndex..<line.endIndex]),
        seen.insert(place.range.lowerBound).inserted
      else { continue }
      ranges.append(place.range)
    }
    return ranges.sorted { $0.lowerBound < $1.lowerBound }
  }

  /// All names at a provider, in lower case.
  func names(of provider: String) -> [String] {
    let wanted = Array(provider.utf8)
    return bytes[linesStart...].split(separator: Self.newline).compactMap { line in
      let fields = line.split(
        separator: Self.tab, maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3, fields[0].elementsEqual(wanted) else { return nil }
      return String(decoding: fields[1], as: UTF8.self)
    }
  }

  private func place(_ rest: ArraySlice<UInt8>) -> Place? {
    let fields = rest.split(separator: Self.tab)
    guard fields.count == 3 else { return nil }
    let number = { (digits: ArraySlice<UInt8>) in digits.reduce(0) { $0 * 10 + Int($1 & 15) } }
    let offset = number(fields[0])
    return Place(
      range: offset..<(offset + number(fields[1])), isAlias: fields[2].first == UInt8(ascii: "a"))
  }

  /// The index of a book that `PriceBookWriter` wrote.
  static func make(book: [UInt8], entries: [PriceEntry]) -> [UInt8] {
    var lines: [[UInt8]] = []
    var offset = start(ofEntriesIn: book)
    for entry in entries {
      let end = book[offset...].firstIndex(of: newline) ?? book.endIndex
      let hasComma = book[end - 1] == UInt8(ascii: ",")
      let length = end - offset - (hasComma ? 1 : 0)
      for (names, mark) in [(entry.names, "x"), (entry.aliases, "a")] {
        for name in entry.keys(of: names) {
          let line = "\(entry.provider)\t\(name.asciiLowercased)\t\(offset)\t\(length)\t\(mark)"
          lines.append(Array(line.utf8))
        }
      }
      offset = end + 1
    }
    lines.sort { $0.lexicographicallyPrecedes($1) }
    let providers = Set(entries.map(\.provider)).sorted().joined(separator: " ")
    return Array(providers.utf8) + [newline] + Array(lines.joined(separator: [newline])) + [newline]
  }

  /// The first byte after the header.
  static func start(ofEntriesIn book: [UInt8]) -> Int {
    let mark = Array("\n\"entries\":[\n".utf8)
    var start = 0
    while start + mark.count <= book.count {
      if book[start] == newline, book[start..<(start + mark.count)].elementsEqual(mark) {
        return start + mark.count
      }
      start += 1
    }
    return book.count
  }
}
