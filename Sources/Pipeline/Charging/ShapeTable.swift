import Billing

/// 128 bits that stand for all that a plan and a cell depend on in an event, apart from the line of
/// the charge. Like the identity of a record, they are taken for it: two mixes of every label that
/// agree by chance are not to be expected in the life of the universe.
struct EventShape: Hashable {
  let first: UInt64
  let second: UInt64

  init(_ event: UsageEvent) {
    var words = UInt64(event.operation.rawValue) | UInt64(event.status.rawValue) << 8
    words |= UInt64(event.errorClass.map { $0.rawValue + 1 } ?? 0) << 16
    words |= UInt64(event.route.map { $0.rawValue + 1 } ?? 0) << 24
    words |= UInt64(event.routeEvidence.map { $0.rawValue + 1 } ?? 0) << 32
    words |= UInt64(event.routeReason.map { $0.rawValue + 1 } ?? 0) << 40
    words |= UInt64(Cell.flags(of: event).rawValue) << 48
    var mixer = Mixer(words)
    mixer.add(event.gateway, event.dialect)
    mixer.add(event.provider, event.region)
    mixer.add(event.requestModel, event.responseModel)
    mixer.add(event.serviceTier, event.modifiers)
    mixer.add(event.routeFrom, event.key)
    mixer.add(event.team, event.project)
    mixer.add(event.environment, event.reportedCurrency)
    first = mixer.first
    second = mixer.second
  }

  /// Two chains of multiplications with different odd constants.
  private struct Mixer {
    var first: UInt64
    var second: UInt64

    init(_ word: UInt64) {
      first = word &* 0x9E37_79B9_7F4A_7C15
      second = (word ^ 0x6A09_E667_F3BC_C908) &* 0xC2B2_AE3D_27D4_EB4F
    }

    mutating func add(_ low: Label, _ high: Label) {
      let word = UInt64(low.index) | UInt64(high.index) << 32
      first = (first ^ word) &* 0xFF51_AFD7_ED55_8CCD
      first ^= first >> 32
      second = (second ^ word) &* 0xC4CE_B9FE_1A85_EC53
      second ^= second >> 29
    }
  }
}

/// A worker's memory of shapes: open addressing with all that is known of a shape in its slot, so
/// that a look-up touches no reference and one cache line.
struct ShapeTable {
  struct Slot {
    var shape: EventShape
    /// The plan's number plus one; 0 in a free slot.
    var plan: UInt32
    /// Two charge lines with the cell of each, both as numbers plus one: the line that the shape was
    /// charged by first, and the latest other. Nearly all shapes have one line, some a tier's besides.
    var lines: InlineArray<2, UInt32>
    var cells: InlineArray<2, UInt32>
  }

  private static let free = Slot(
    shape: EventShape(UsageEvent()), plan: 0, lines: InlineArray(repeating: 0),
    cells: InlineArray(repeating: 0))

  private(set) var slots: [Slot] = Array(repeating: free, count: 1024)
  private(set) var count = 0
  /// Changes when slots move.
  private(set) var layout = 0

  /// The slot of a shape; `nil` when it is new.
  func slot(of shape: EventShape) -> Int? {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: shape.first) & mask
    while slots[slot].plan != 0 {
      if slots[slot].shape == shape { return slot }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Remembers a new shape.
  mutating func insert(_ shape: EventShape, plan: Int) -> Int {
    if (count + 1) * 4 > slots.count * 3 {
      let old = slots
      layout += 1
      slots = Array(repeating: Self.free, count: old.count * 2)
      for slot in old where slot.plan != 0 { slots[freeSlot(for: slot.shape)] = slot }
    }
    count += 1
    let slot = freeSlot(for: shape)
    slots[slot].shape = shape
    slots[slot].plan = UInt32(plan + 1)
    return slot
  }

  /// Forgets all shapes.
  mutating func removeAll() {
    slots = Array(repeating: Self.free, count: 1024)
    count = 0
    layout += 1
  }

  /// The cell of a shape that is charged by a line; `nil` when it is not remembered.
  func cell(ofSlot slot: Int, line: Int) -> CellID? {
    let number = UInt32(truncatingIfNeeded: line + 1)
    if slots[slot].lines[0] == number { return CellID(index: slots[slot].cells[0] - 1) }
    if slots[slot].lines[1] == number { return CellID(index: slots[slot].cells[1] - 1) }
    return nil
  }

  mutating func setCell(_ cell: CellID, ofSlot slot: Int, line: Int) {
    let place = slots[slot].lines[0] == 0 ? 0 : 1
    slots[slot].lines[place] = UInt32(truncatingIfNeeded: line + 1)
    slots[slot].cells[place] = cell.index + 1
  }

  private func freeSlot(for shape: EventShape) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: shape.first) & mask
    while slots[slot].plan != 0 { slot = (slot + 1) & mask }
    return slot
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
  var reportedCurrency: Label
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
    reportedCurrency = event.reportedCurrency
    operation = event.operation
    status = event.status
    gatewayCacheHit = event.gatewayCacheHit
    byok = event.byok
  }
}
