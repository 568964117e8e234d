import Foundation

/// The lines of a small stream of the program's own form: standard input or a file.
public struct LineFeed {
  private let handle: FileHandle
  private let name: String
  private var rest: [UInt8] = []
  private var isOver = false

  /// Longer lines are refused: no usage event is a mebibyte long.
  private static let lineLimit = 1 << 20

  /// - Parameter path: a file, or `-`.
  /// - Throws: `Failure`.
  public init(_ path: String) throws(Failure) {
    name = path == "-" ? "(standard input)" : path
    if path == "-" {
      handle = .standardInput
    } else if let opened = FileHandle(forReadingAtPath: path) {
      handle = opened
    } else {
      throw Failure(path, "the file cannot be opened", "Check the path.", .unavailable)
    }
  }

  /// The name for messages.
  public var displayName: String { name }

  /// Some more whole lines, without their ends; `nil` at the end.
  ///
  /// - Throws: `Failure`.
  public mutating func next() throws(Failure) -> [[UInt8]]? {
    while !isOver {
      let data: Data?
      do {
        data = try handle.read(upToCount: 1 << 18)
      } catch {
        throw Failure(
          name, "it cannot be read", "Name a file, or - for standard input.", .unavailable)
      }
      guard let data, !data.isEmpty else {
        isOver = true
        return rest.isEmpty ? nil : [rest]
      }
      rest.append(contentsOf: data)
      guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else {
        guard rest.count <= Self.lineLimit else {
          throw Failure(
            name, "a line is longer than 1 MiB: this is no usage event",
            "`tollbook normalize` makes events of logs.", .badData)
        }
        continue
      }
      let lines = rest[..<end].split(
        separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
      )
      .map(Array.init)
      rest.removeSubrange(...end)
      return lines
    }
    return nil
  }
}
