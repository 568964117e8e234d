/// The order of texts in everything that is printed: by their bytes.
///
/// `String` compares canonical equivalents as equal, and then the order would depend on arrival.
public enum TextOrder {
  public static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  public static func precedes(_ left: [String], _ right: [String]) -> Bool {
    left.lexicographicallyPrecedes(right, by: precedes)
  }

  /// Byte for byte the same.
  public static func isSame(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }
}
