import Synchronization

/// How a request was charged.
public enum ChargeStatus: UInt8, Word {
  /// Every token and unit has a price.
  case priced
  /// Some have, some have not: `listCost` counts only the former.
  case partial
  /// No price applies; there is no amount.
  case unpriced
  /// The terms do not bill it (a gateway cache hit, a failure before the first token).
  case notBilled

  public static let names = spelledCases
}

/// How a model was found in the price book.
public enum PriceMatch: UInt8, Word {
  case exact, alias, snapshot

  public static let names = spelledCases
}

/// What is the same for all requests that a rollup adds up, apart from the time.
///
/// Two cells are equal when all fields are: a cell is a key. Labels belong to the run's table.
public struct Cell: Sendable, Hashable {
  public var gateway = Label.none
  public var dialect = Label.none
  public var provider = Label.none
  public var region = Label.none
  public var requestModel = Label.none
  public var responseModel = Label.none
  public var serviceTier = Label.none
  public var routeFrom = Label.none
  public var key = Label.none
  public var team = Label.none
  public var project = Label.none
  public var environment = Label.none

  /// The id of the price book's entry.
  public var entry = Label.none
  /// The price tier within the entry: `base`, `>200000`, `batch`, …
  public var priceTier = Label.none
  /// Why it is `partial`, `unpriced` or `notBilled`.
  public var chargeReason = Label.none
  public var currency = Label.none

  public var operation = Operation.other
  public var status = Status.ok
  public var errorClass: ErrorClass?
  public var route: Route?
  public var routeEvidence: RouteEvidence?
  public var routeReason: ErrorClass?
  public var charge = ChargeStatus.unpriced
  public var match: PriceMatch?
  public var flags = Flags()

  /// Yes-or-no facts, so that sums over cells can be restricted to comparable requests.
  public struct Flags: OptionSet, Sendable, Hashable {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let hasUsage = Flags(rawValue: 1 << 0)
    public static let hasReportedCost = Flags(rawValue: 1 << 1)
    public static let gatewayCacheHit = Flags(rawValue: 1 << 2)
    public static let byok = Flags(rawValue: 1 << 3)
    public static let routed = Flags(rawValue: 1 << 4)
    /// Two price tables disagree on the current price of this model.
    public static let contested = Flags(rawValue: 1 << 5)
    public static let hasLatency = Flags(rawValue: 1 << 6)
    /// The log gives a cost in another currency than that of the charge: no amount holds it.
    public static let reportsOtherCurrency = Flags(rawValue: 1 << 7)
  }

  /// What stands for the names of a day beyond the limit of their number.
  public static let otherName = "(other)"

  public init() {}

  /// The model that was charged: the one that served, else the one that was asked.
  public var billedModel: Label { responseModel.isNone ? requestModel : responseModel }

  /// Mixes the labels first: the standard hasher would take each of them for itself, and cells are
  /// interned by the hundred thousand.
  public func hash(into hasher: inout Hasher) { hasher.combine(mixed) }

  fileprivate var mixed: UInt64 {
    var words = UInt64(operation.rawValue) | UInt64(status.rawValue) << 8
    words |= UInt64(errorClass.map { $0.rawValue + 1 } ?? 0) << 16
    words |= UInt64(route.map { $0.rawValue + 1 } ?? 0) << 24
    words |= UInt64(routeEvidence.map { $0.rawValue + 1 } ?? 0) << 32
    words |= UInt64(routeReason.map { $0.rawValue + 1 } ?? 0) << 40
    words |= UInt64(flags.rawValue) << 48 | UInt64(charge.rawValue) << 56
    let labels: InlineArray<16, Label> = [
      gateway, dialect, provider, region, requestModel, responseModel, serviceTier, routeFrom,
      key, team, project, environment, entry, priceTier, chargeReason, currency,
    ]
    var mixed = words
    for index in labels.indices {
      mixed = (mixed ^ UInt64(labels[index].index)) &* 0xFF51_AFD7_ED55_8CCD
      mixed ^= mixed >> 32
    }
    return mixed
  }
}

/// The number of a cell in a `CellTable`.
public struct CellID: Sendable, Hashable {
  public var index: UInt32
  public init(index: UInt32) { self.index = index }
}

/// What facts name: texts, and cells that are made of them.
///
/// Numbers of one pair of tables mean nothing in another.
public struct FactTables: Sendable {
  public let labels: LabelTable
  public let cells: CellTable

  public init(labels: LabelTable = LabelTable(), cells: CellTable = CellTable()) {
    self.labels = labels
    self.cells = cells
  }
}

/// Cells by their numbers.
///
/// In chunks: a list that grows beside a copy of it copies one of them, and not hundreds of thousands
/// of cells.
public struct CellList: Sendable, RandomAccessCollection {
  private var chunks: [[Cell]] = []
  public private(set) var endIndex = 0
  public var startIndex: Int { 0 }

  private static let chunkBits = 12
  private static let chunkSize = 1 << chunkBits

  init() {}

  public subscript(position: Int) -> Cell {
    chunks[position >> Self.chunkBits][position & (Self.chunkSize - 1)]
  }

  public subscript(id: CellID) -> Cell { self[Int(id.index)] }

  mutating func append(_ cell: Cell) {
    if endIndex & (Self.chunkSize - 1) == 0 {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(Self.chunkSize)
    }
    chunks[chunks.count - 1].append(cell)
    endIndex += 1
  }
}

/// The cells of a run, shared by all workers.
///
/// - Complexity: `intern` is O(1) under a lock; hot paths keep a cache before it.
public final class CellTable: Sendable {
  private struct State {
    var cells = CellList()
    /// Numbers plus one by hash; 0 in a free slot. Cells are large: no second copy is kept as a key.
    var slots = [UInt32](repeating: 0, count: 1024)

    /// The slot of a cell: the one that has its number, or the free one where it belongs.
    func slot(of cell: Cell) -> Int {
      let mask = slots.count - 1
      var slot = Int(truncatingIfNeeded: cell.mixed ^ cell.mixed >> 29) & mask
      while slots[slot] != 0, cells[Int(slots[slot]) - 1] != cell { slot = (slot + 1) & mask }
      return slot
    }

    mutating func grow() {
      slots = [UInt32](repeating: 0, count: slots.count * 2)
      for index in cells.indices { slots[slot(of: cells[index])] = UInt32(index) + 1 }
    }
  }

  private let state = Mutex(State())

  public init() {}

  public func intern(_ cell: Cell) -> CellID {
    state.withLock { state in
      let slot = state.slot(of: cell)
      if state.slots[slot] != 0 { return CellID(index: state.slots[slot] - 1) }
      state.cells.append(cell)
      let number = UInt32(state.cells.count)
      state.slots[slot] = number
      if state.cells.count * 4 > state.slots.count * 3 { state.grow() }
      return CellID(index: number - 1)
    }
  }

  public subscript(id: CellID) -> Cell { state.withLock { $0.cells[Int(id.index)] } }

  /// All cells, by index: for a reader that resolves many at once.
  public var snapshot: CellList { state.withLock { $0.cells } }

  public var count: Int { state.withLock { $0.cells.count } }
}
