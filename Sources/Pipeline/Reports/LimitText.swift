import Billing
import Ingestion
import Insights
import Reporting

/// What a limit is and which setting raises it, for those who have met it.
enum LimitText {
  /// The lines below the account, for what was rejected or has lost its name.
  static func lines(
    rejections: [RejectionReason: Int64], nameless: [NameKind: Int64], _ limits: Limits
  ) -> String {
    var text = ""
    let hit = rejections.filter { $0.value > 0 }
    for (reason, what, key) in [
      (
        RejectionReason.tooLong, "lines of more than \(integer(limits.input.lineBytes)) bytes",
        "line_bytes"
      ),
      (.tooDeep, "records nested deeper than \(integer(limits.input.depth)) levels", "depth"),
      (.tooManyDigits, "numbers of more than \(integer(limits.input.digits)) digits", "digits"),
    ] where hit[reason] != nil {
      text += "\(reason.name): \(what) are not read; `limits.\(key)` in tollbook.yaml sets that\n"
    }
    for kind in NameKind.allCases {
      guard let count = nameless[kind] else { continue }
      text +=
        "\(HumanNumber.integer(count)) event\(count == 1 ? "" : "s") under (other) for"
        + " \(kind.rawValue): a day keeps \(integer(limits.labelValues)) of them;"
        + " `limits.label_values` in tollbook.yaml sets that\n"
    }
    return text
  }

  private static func integer(_ number: Int) -> String { HumanNumber.integer(Int64(number)) }
}
