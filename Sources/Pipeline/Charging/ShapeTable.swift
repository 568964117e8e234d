import Billing

/// What a plan and a cell depend on in an event, apart from the line of the charge, in one key.
struct EventShape: Equatable {
  private let labels: InlineArray<14, UInt32>
  private let words: UInt64
  let digest: UInt64

  init(_ event: UsageEvent) {
    labels = [
      event.gateway.index, event.dialect.index, event.provider.index, event.region.index,
      event.requestModel.index, event.responseModel.index, event.serviceTier.index,
      event.modifiers.index, event.routeFrom.index, event.key.index, event.team.index,
      event.project.index, event.environment.index, event.reportedCurrency.index,
    ]
    var words = UInt64(event.operation.rawValue) | UInt64(event.status.rawValue) << 8
    words |= UInt64(event.errorClass.map { $0.rawValue + 1 } ?? 0) << 16
    words |= UInt64(event.route.map { $0.rawValue + 1 } ?? 0) << 24
    words |= UInt64(event.routeEvidence.map { $0.rawValue + 1 } ?? 0) << 32
    words |= UInt64(event.routeReason.map { $0.rawValue + 1 } ?? 0) << 40
    words |= UInt64(Cell.flags(of: event).rawValue) << 48
    self.words = words
    var hash = words &* 0x9E37_79B9_7F4A_7C15
    for index in labels.indices {
      hash = (hash ^ UInt64(labels[index])) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
    }
    digest = hash
  }

  static func == (lhs: EventShape, rhs: EventShape) -> Bool {
    guard lhs.digest == rhs.digest, lhs.words == rhs.words else { return false }
    for index in lhs.labels.indices where lhs.labels[index] != rhs.labels[index] { return false }
    return true
  }
}

/// A worker's memory of shapes: open addressing over flat arrays, so that a look-up touches no
/// reference and few cache lines.
struct ShapeTable {
  /// A shape and what is known of it, side by side.
  struct Row {
    let shape: EventShape
    let plan: Int32
    /// By charge line: the cell's number plus one, or 0 when it is not known. Lines beyond have
    /// their cell resolved each time.
    var cells: InlineArray<6, UInt32> = InlineArray(repeating: 0)
  }

  private var slots: [UInt32] = Array(repeating: 0, count: 1024)
  private(set) var rows: [Row] = []

  /// The number of a shape; `nil` when it is new.
  func number(of shape: EventShape) -> Int? {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: shape.digest) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if rows[number].shape == shape { return number }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Remembers a new shape.
  mutating func insert(_ shape: EventShape, plan: Int) -> Int {
    rows.append(Row(shape: shape, plan: Int32(truncatingIfNeeded: plan)))
    if rows.count * 2 > slots.count {
      slots = Array(repeating: 0, count: slots.count * 2)
      for number in rows.indices { place(number) }
    } else {
      place(rows.count - 1)
    }
    return rows.count - 1
  }

  mutating func setCell(_ cell: CellID, of number: Int, line: Int) {
    guard line < rows[number].cells.count else { return }
    rows[number].cells[line] = cell.index + 1
  }

  private mutating func place(_ number: Int) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: rows[number].shape.digest) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = UInt32(number + 1)
  }
}

/// What a price plan depends on in an event.
struct PlanShape: Hashable {
  var gateway: Label
  var provider: Label
  var region: Label
  var model: Label
  var serviceTier: Label
  var modifiers: Label
  var team: Label
  var operation: Operation
  var status: Status
  var gatewayCacheHit: Bool
  var byok: Bool

  /// - Parameter withTeam: the terms tell teams apart.
  init(_ event: UsageEvent, withTeam: Bool) {
    gateway = event.gateway
    provider = event.provider
    region = event.region
    model = event.billedModel
    serviceTier = event.serviceTier
    modifiers = event.modifiers
    team = withTeam ? event.team : .none
    operation = event.operation
    status = event.status
    gatewayCacheHit = event.gatewayCacheHit
    byok = event.byok
  }
}
