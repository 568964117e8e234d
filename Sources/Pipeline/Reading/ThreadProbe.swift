import Glibc

/// Whether the system has room for more threads.
enum ThreadProbe {
  /// Starts so many threads at once and ends them.
  ///
  /// Dispatch waits for ever for a thread that cannot be made, as where memory is limited by
  /// `ulimit -v`; a run goes on with one then.
  static func canStart(_ count: Int) -> Bool {
    guard hasDescriptors else { return false }
    var threads: [pthread_t] = []
    for _ in 0..<count {
      var thread = pthread_t()
      guard unsafe pthread_create(&thread, nil, { _ in nil }, nil) == 0 else { break }
      threads.append(thread)
    }
    for thread in threads { pthread_join(thread, nil) }
    return threads.count == count
  }

  /// Dispatch opens some descriptors of its own for its threads, and ends the program where it cannot.
  private static var hasDescriptors: Bool {
    var pipes: [Int32] = []
    defer { for descriptor in pipes { close(descriptor) } }
    for _ in 0..<2 {
      var ends: [Int32] = [-1, -1]
      guard unsafe pipe(&ends) == 0 else { return false }
      pipes += ends
    }
    return true
  }
}
