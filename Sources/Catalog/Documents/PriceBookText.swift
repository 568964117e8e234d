public import Billing

/// Price books as text.
public enum PriceBookText {
  /// Entries as a book of their own, in the form that users write, one entry a line.
  public static func book(id: String, entries: [PriceEntry]) -> String {
    PriceBookWriter(profiles: PriceSheet.profiles).text(id: id, sources: [], entries: entries)
  }
}
