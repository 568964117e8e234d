import Billing
import Insights
import Reporting

extension Check {
  /// One line for Nagios and its kin: the verdict, what is wrong, and performance data
  /// `'label'=value;warn;crit;min`. Without a line feed.
  public var nagiosLine: String {
    let wrong = items.filter { $0.status != .ok }.sorted { $0.status > $1.status }
    let fine = items.count - wrong.count
    var parts = wrong.map { $0.status == status ? $0.message : "\($0.status.title) \($0.message)" }
    if wrong.isEmpty {
      parts = items.map(\.message)
    } else if fine > 0 {
      parts.append("\(fine) \(fine == 1 ? "check" : "checks") OK")
    }
    // A bar would begin the performance data.
    let text = NagiosText.escaped(parts.joined(separator: "; "), bar: true)
    let values = performanceData
    return "TOLLBOOK \(status.title) - \(text)" + (values.isEmpty ? "" : " | " + values)
  }

  private var performanceData: String {
    var values: [String] = []
    for reading in items.compactMap(\.reading) {
      let budget = reading.budget
      let levels = [budget.warningLevel, budget.criticalLevel].map { level in
        Ratio(Int64(level), over: 100)?.of(budget.amount).map { "\($0)" } ?? ""
      }
      values.append(
        "\(NagiosText.label(budget.name))=\(reading.spent);\(levels[0]);\(levels[1]);0")
    }
    if let dataThrough {
      let age = max(0, (now.microseconds - dataThrough.microseconds) / 1_000_000)
      values.append("\(NagiosText.label("data age"))=\(age)s;;\(settings.staleAfterSeconds);0")
    }
    return values.joined(separator: " ")
  }
}

/// The escapes of the plug-in line.
enum NagiosText {
  static func escaped(_ text: String, bar: Bool) -> String {
    var result = String.UnicodeScalarView()
    for scalar in VisibleText.escaped(text, limit: 4000).unicodeScalars {
      if scalar == "|" && bar {
        result.append(contentsOf: "\\x7c".unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// A label in quotes: a quote is doubled, an equals sign, which ends a label, is escaped.
  static func label(_ text: String) -> String {
    var result = String.UnicodeScalarView("'".unicodeScalars)
    for scalar in escaped(text, bar: true).unicodeScalars {
      switch scalar {
      case "'": result.append(contentsOf: "''".unicodeScalars)
      case "=": result.append(contentsOf: "\\x3d".unicodeScalars)
      default: result.append(scalar)
      }
    }
    result.append("'")
    return String(result)
  }
}
