import Billing

/// Tells whether a log writes its amounts in the currency in which a request is charged. An amount in
/// yen that is added to dollars is a figure that nobody can see is wrong.
struct CurrencyComparison {
  private let labels: LabelTable
  private let dollar: Label
  /// Currencies of logs in the spelling of ISO 4217.
  private var spellings: [Label: Label] = [:]

  init(_ labels: LabelTable) {
    self.labels = labels
    dollar = labels.intern("USD")
  }

  /// - Parameters:
  ///   - written: what the log says; none is US dollars.
  ///   - charged: the currency of the charge; none, where there is no price, is US dollars.
  mutating func isSame(_ written: Label, _ charged: Label) -> Bool {
    let charged = charged.isNone ? dollar : charged
    if written.isNone || written == dollar { return charged == dollar }
    return written == charged || spelling(of: written) == charged
  }

  private mutating func spelling(of written: Label) -> Label {
    if let known = spellings[written] { return known }
    let made = labels.intern(labels.text(written).uppercased())
    spellings[written] = made
    return made
  }
}
