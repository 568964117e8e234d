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
/// reference and costs one or two cache lines.
struct ShapeTable {
  /// What is known of a shape.
  struct Entry {
    var plan: Int
    /// By charge line: the cell's number plus one, or 0 when it is not known. A plan with more
    /// lines has the rest resolved each time.
    var cells: InlineArray<6, UInt32> = InlineArray(repeating: 0)
  }

  private var slots: [UInt32] = Array(repeating: 0, count: 1024)
  private var shapes: [EventShape] = []
  private(set) var entries: [Entry] = []

  var count: Int { entries.count }

  /// The number of a shape; `nil` when it is new.
  func number(of shape: EventShape) -> Int? {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: shape.digest) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if shapes[number] == shape { return number }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Remembers a new shape.
  mutating func insert(_ shape: EventShape, plan: Int) -> Int {
    if entries.count * 2 >= slots.count { grow() }
    shapes.append(shape)
    entries.append(Entry(plan: plan))
    place(entries.count)
    return entries.count - 1
  }

  mutating func setCell(_ cell: CellID, of number: Int, line: Int) {
    guard line < entries[number].cells.count else { return }
    entries[number].cells[line] = cell.index + 1
  }

  private mutating func place(_ value: Int) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: shapes[value - 1].digest) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = UInt32(value)
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for value in 1...max(entries.count, 1) where value <= entries.count { place(value) }
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

  init(_ event: UsageEvent) {
    gateway = event.gateway
    provider = event.provider
    region = event.region
    model = event.billedModel
    serviceTier = event.serviceTier
    modifiers = event.modifiers
    team = event.team
    operation = event.operation
    status = event.status
    gatewayCacheHit = event.gatewayCacheHit
    byok = event.byok
  }
}
