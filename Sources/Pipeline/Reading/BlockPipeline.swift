import Dispatch
import Ingestion
import Synchronization

/// Reads one input with several workers and hands on what they make of its blocks in input order,
/// so that the result does not depend on their number.
///
/// There is no thread for the sequence: the worker that completes the next block in order hands it
/// on, with all that wait behind it, while the others read.
final class BlockPipeline<Product: Sendable>: Sendable {
  private struct State {
    var waiting: [Int: Product] = [:]
    var next: Int
    var isHandingOn = false
    var failure: (any Error)?
    var inputError: InputError?
    /// Blocks that may be read before their turn.
    var window: Int
  }

  private let state: Mutex<State>

  /// Blocks that may be read before their turn: bounds the memory.
  private let window: DispatchSemaphore
  private let input: LogInput
  private let isPaused: @Sendable () -> Bool
  private let isTight: @Sendable () -> Bool

  /// However many workers there are: more would wait for the sequence anyway.
  private static var windowLimit: Int { 80 }
  private static var tightWindow: Int { 16 }

  private init(
    input: LogInput, window blocks: Int, isPaused: @escaping @Sendable () -> Bool,
    isTight: @escaping @Sendable () -> Bool
  ) {
    self.input = input
    self.isPaused = isPaused
    self.isTight = isTight
    let blocks = min(blocks, isTight() ? Self.tightWindow : Self.windowLimit)
    state = Mutex(State(next: input.nextBlock, window: blocks))
    // A semaphore may not go with less than it was made with: a run that fails leaves blocks behind.
    window = DispatchSemaphore(value: 0)
    for _ in 0..<blocks { window.signal() }
  }

  /// Runs to the end of the input.
  ///
  /// - Parameters:
  ///   - workers: the states of the threads; each is used by one thread at a time.
  ///   - blocksAhead: blocks for each worker that may be read before their turn; the usual number is
  ///     enough for a worker to go on reading while another stores a batch.
  ///   - isPaused: no more blocks are to be read; those that were are consumed. The next run goes on.
  ///   - isTight: memory is short: fewer blocks may be read before their turn. Is asked before the
  ///     first block and after each that was consumed.
  ///   - transform: makes a product of what a worker reads; runs in parallel.
  ///   - consume: takes the products in input order, one at a time.
  /// - Returns: what broke the input, if anything did.
  /// - Throws: what `consume` throws; the input is not read further then.
  static func run<Worker: BlockWorker>(
    _ input: LogInput, workers: WorkerPool<Worker>, blocksAhead: Int = 40,
    isPaused: @escaping @Sendable () -> Bool = { false },
    isTight: @escaping @Sendable () -> Bool = { false },
    transform: @Sendable (Worker, Worker.Piece) -> Product,
    consume: @Sendable (Product) throws -> Void
  ) throws -> InputError? {
    let pipeline = BlockPipeline(
      input: input, window: workers.count * blocksAhead, isPaused: isPaused, isTight: isTight)
    if workers.count == 1 || !ThreadProbe.canStart(workers.count) {
      pipeline.work(workers[0], transform, consume)
    } else {
      DispatchQueue.concurrentPerform(iterations: workers.count) { index in
        pipeline.work(workers[index], transform, consume)
      }
    }
    return try pipeline.state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.inputError
    }
  }

  private func work<Worker: BlockWorker>(
    _ worker: Worker, _ transform: (Worker, Worker.Piece) -> Product,
    _ consume: (Product) throws -> Void
  ) {
    while state.withLock({ $0.failure == nil && $0.inputError == nil }),
      !Interruption.isRequested, !isPaused()
    {
      window.wait()
      guard state.withLock({ $0.failure == nil }) else {
        window.signal()
        return
      }
      do throws(InputError) {
        guard let (number, piece) = try worker.next(from: input) else {
          window.signal()
          return
        }
        deposit(number, transform(worker, piece), consume)
      } catch {
        window.signal()
        state.withLock { $0.inputError = error }
        return
      }
    }
  }

  /// Puts a product in its place and, when it is its turn, hands on all that are ready.
  private func deposit(
    _ number: Int, _ product: Product, _ consume: (Product) throws -> Void
  ) {
    let mine = state.withLock { state in
      state.waiting[number] = product
      if state.isHandingOn { return false }
      state.isHandingOn = true
      return true
    }
    guard mine else { return }
    while let product = takeNext() {
      do {
        try consume(product)
      } catch {
        fail(error)
      }
      if !narrows() { window.signal() }
    }
  }

  /// Takes the room of a consumed block away when there is too much.
  private func narrows() -> Bool {
    guard isTight() else { return false }
    return state.withLock { state in
      guard state.failure == nil, state.window > Self.tightWindow else { return false }
      state.window -= 1
      return true
    }
  }

  /// Ends the run: nothing is taken any more, so those who wait for room are woken.
  private func fail(_ error: any Error) {
    let waiting = state.withLock { state in
      if state.failure == nil { state.failure = error }
      return state.waiting.count
    }
    for _ in 0..<waiting { window.signal() }
  }

  /// The product whose turn it is; when it is not there yet, the turn is given up.
  private func takeNext() -> Product? {
    state.withLock { state in
      guard state.failure == nil, let product = state.waiting.removeValue(forKey: state.next) else {
        state.isHandingOn = false
        return nil
      }
      state.next += 1
      return product
    }
  }
}

/// The state of one reading thread.
protocol BlockWorker: AnyObject, SendableMetatype {
  /// What it makes of a block as it reads it.
  associatedtype Piece

  /// The input's next block with its position from 0; `nil` when the input is over.
  ///
  /// - Throws: `InputError`; all whole lines before the damage have been given by then.
  func next(from input: LogInput) throws(InputError) -> (number: Int, piece: Piece)?
}

/// The state of one thread that reads logs.
protocol LogWorker: BlockWorker where Piece == BlockOutcome {
  var lines: LineWorker { get }
}

extension LogWorker {
  func next(from input: LogInput) throws(InputError) -> (number: Int, piece: BlockOutcome)? {
    guard let outcome = try lines.next(from: input) else { return nil }
    return (outcome.number, outcome)
  }
}

/// The states of the reading threads of a run. `BlockPipeline` gives each to one thread at a time,
/// which is why it may cross between them.
struct WorkerPool<Worker: BlockWorker>: @unchecked Sendable {
  private let workers: [Worker]

  init(count: Int, make: () -> Worker) { workers = (0..<max(count, 1)).map { _ in make() } }

  var count: Int { workers.count }

  subscript(index: Int) -> Worker { workers[index] }
}
