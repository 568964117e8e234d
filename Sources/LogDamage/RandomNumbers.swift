/// Numbers that look random and are the same in every run: SplitMix64.
public struct RandomNumbers: Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// From 0 to below `bound`.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  public mutating func isOne(in count: Int) -> Bool { below(count) == 0 }

  public mutating func element<Element>(of array: [Element]) -> Element {
    array[below(array.count)]
  }

  /// Sixteen hexadecimal digits.
  public mutating func hexadecimal() -> String {
    let digits = String(next(), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
