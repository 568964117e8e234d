import Dispatch
import Synchronization

/// Hands what lines carry on from block to block, although blocks are read in parallel: who reads a
/// block that depends on those before it waits until they are read.
final class SessionRelay: Sendable {
  private struct State {
    /// Of all blocks before `next`.
    var memory = SessionMemory()
    var next = 0
    /// Blocks that were read before their turn; `nil` for one that changed nothing.
    var pending: [Int: SessionMemory?] = [:]
    var waiting: [(block: Int, semaphore: DispatchSemaphore)] = []
  }

  private let state = Mutex(State())

  /// What the lines before a block hand on. Each block before it must have been taken by somebody
  /// who will publish it.
  func memory(before block: Int) -> SessionMemory {
    let semaphore = DispatchSemaphore(value: 0)
    let known = state.withLock { state -> SessionMemory? in
      if state.next >= block { return state.memory }
      state.waiting.append((block, semaphore))
      return nil
    }
    if let known { return known }
    semaphore.wait()
    return state.withLock { $0.memory }
  }

  /// The state before the first block, for an input that is resumed.
  func begin(with memory: SessionMemory) {
    state.withLock { state in if state.next == 0 { state.memory = memory } }
  }

  /// A block was read.
  ///
  /// - Parameter memory: what it hands on; `nil` when no line of it has to do with others.
  func publish(_ memory: SessionMemory?, after block: Int) {
    state.withLock { state in
      state.pending[block] = .some(memory)
      while let done = state.pending.removeValue(forKey: state.next) {
        if let done { state.memory = done }
        state.next += 1
      }
      state.waiting.removeAll { waiting in
        guard state.next >= waiting.block else { return false }
        waiting.semaphore.signal()
        return true
      }
    }
  }
}
