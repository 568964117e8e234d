import Foundation

/// How long the runs of one stage took, in seconds.
struct Timing {
  private var sorted: [Double] = []

  mutating func add(_ duration: Duration) {
    sorted.append(duration / .seconds(1))
    sorted.sort()
  }

  var shortest: Double { sorted.first ?? 0 }
  var longest: Double { sorted.last ?? 0 }

  /// Of an even number of runs the mean of the two in the middle.
  var median: Double {
    guard !sorted.isEmpty else { return 0 }
    let upper = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2
  }
}

/// The most memory that this process ever held.
enum ProcessMemory {
  /// Bytes of resident memory; `nil` where the kernel does not tell. It is what `getrusage` gives,
  /// without a pointer.
  static var peak: Int64? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return nil
    }
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let number = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
    return number.flatMap { Int64($0) }.map { $0 * 1024 }
  }
}
