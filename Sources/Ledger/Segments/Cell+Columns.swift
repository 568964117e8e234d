import Billing

/// The fields of a cell as columns of a segment's dictionary.
///
/// The order is part of the segment format: a field is added at the end, with a new format number.
extension Cell {
  /// The fields that are labels.
  static let labelFields: [@Sendable (Cell) -> Label] = [
    { $0.gateway }, { $0.dialect }, { $0.provider }, { $0.region }, { $0.requestModel },
    { $0.responseModel }, { $0.serviceTier }, { $0.routeFrom }, { $0.key }, { $0.team },
    { $0.project }, { $0.environment }, { $0.entry }, { $0.priceTier }, { $0.chargeReason },
    { $0.currency },
  ]

  /// The fields that are words of a closed set, as raw values plus one; 0 when absent.
  static let wordFields: [@Sendable (Cell) -> UInt8] = [
    { code($0.operation) }, { code($0.status) }, { code($0.errorClass) }, { code($0.route) },
    { code($0.routeEvidence) }, { code($0.routeReason) }, { code($0.charge) }, { code($0.match) },
  ]

  /// The names of the words of each field, by raw value.
  ///
  /// A segment stores names, not numbers: the order of cases in the source is free to change.
  static let wordNames: [[String]] = [
    names(Operation.self), names(Status.self), names(ErrorClass.self), names(Route.self),
    names(RouteEvidence.self), names(ErrorClass.self), names(ChargeStatus.self),
    names(PriceMatch.self),
  ]

  /// The cell with these fields, or `nil` when one that must be is absent.
  init?(labels: InlineArray<16, Label>, words: InlineArray<8, UInt8>, flags: Flags) {
    self.init(labels: labels)
    guard let operation: Operation = Self.word(words[0]), let status: Status = Self.word(words[1]),
      let charge: ChargeStatus = Self.word(words[6])
    else { return nil }
    (self.operation, self.status, self.charge) = (operation, status, charge)
    errorClass = Self.word(words[2])
    route = Self.word(words[3])
    routeEvidence = Self.word(words[4])
    routeReason = Self.word(words[5])
    match = Self.word(words[7])
    self.flags = flags
  }

  /// The cell with these labels and nothing else.
  init(labels: InlineArray<16, Label>) {
    self.init()
    (gateway, dialect, provider, region) = (labels[0], labels[1], labels[2], labels[3])
    (requestModel, responseModel, serviceTier) = (labels[4], labels[5], labels[6])
    (routeFrom, key, team, project) = (labels[7], labels[8], labels[9], labels[10])
    (environment, entry, priceTier) = (labels[11], labels[12], labels[13])
    (chargeReason, currency) = (labels[14], labels[15])
  }

  private static func code(_ word: (some Word)?) -> UInt8 { word.map { $0.rawValue + 1 } ?? 0 }

  private static func word<W: Word>(_ code: UInt8) -> W? {
    code == 0 ? nil : W(rawValue: code - 1)
  }

  private static func names<W: Word>(_: W.Type) -> [String] {
    W.allCases.sorted { $0.rawValue < $1.rawValue }.map(\.name)
  }
}
