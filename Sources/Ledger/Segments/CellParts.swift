import Billing
import Synchronization

/// A part of a cell that a segment numbers apart from the rest.
///
/// A log has few callers and few ways to be served, and nearly as many cells as there are pairs of
/// them: two short lists and two small numbers a row take up half of what one long list does.
enum CellPart: Int, CaseIterable {
  /// Who called: key, team, project, environment.
  case consumer
  /// What served the call, how it ended, and how it was charged.
  case service

  /// The part's fields as numbers in `Cell.labelFields`.
  var labelFields: [Int] {
    let consumers = 8...11
    return Cell.labelFields.indices.filter { consumers.contains($0) == (self == .consumer) }
  }

  /// The words and the flags belong to this part.
  var hasWords: Bool { self == .service }

  /// The cell with nothing but this part.
  func of(_ cell: Cell) -> Cell {
    switch self {
    case .consumer: Cell().with(consumer: cell)
    case .service: cell.with(consumer: Cell())
    }
  }
}

extension Cell {
  /// The cell with another's consumer.
  func with(consumer other: Cell) -> Cell {
    var cell = self
    (cell.key, cell.team) = (other.key, other.team)
    (cell.project, cell.environment) = (other.project, other.environment)
    return cell
  }
}

/// The parts of all cells of a run, numbered.
struct CellParts {
  /// By `CellPart.rawValue`, then by number.
  private(set) var parts: [[Cell]] = CellPart.allCases.map { _ in [] }
  /// By `CellPart.rawValue`, then by cell.
  private(set) var numbers: [[UInt32]] = CellPart.allCases.map { _ in [] }
  private var known: [[Cell: UInt32]] = CellPart.allCases.map { _ in [:] }

  fileprivate mutating func add(_ cell: Cell) {
    for part in CellPart.allCases {
      let key = part.of(cell)
      let next = UInt32(parts[part.rawValue].count)
      let number = known[part.rawValue][key] ?? next
      if number == next {
        known[part.rawValue][key] = next
        parts[part.rawValue].append(key)
      }
      numbers[part.rawValue].append(number)
    }
  }
}

/// Takes each cell of a run apart once, however many segments name it.
final class CellSplitter: Sendable {
  private let state = Mutex(CellParts())

  /// The parts of these cells, which grow from call to call and do not change.
  func parts(of cells: CellList) -> CellParts {
    state.withLock { state in
      let done = state.numbers[0].count
      if done < cells.count { for cell in cells[done...] { state.add(cell) } }
      return state
    }
  }
}
