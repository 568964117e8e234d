import Glibc

/// Whether the system has room for more threads.
enum ThreadProbe {
  /// Starts so many threads at once and ends them.
  ///
  /// Dispatch waits for ever for a thread that cannot be made, as where memory is limited by
  /// `ulimit -v`; a run goes on with one then.
  static func canStart(_ count: Int) -> Bool {
    var threads: [pthread_t] = []
    for _ in 0..<count {
      var thread = pthread_t()
      guard unsafe pthread_create(&thread, nil, { _ in nil }, nil) == 0 else { break }
      threads.append(thread)
    }
    for thread in threads { pthread_join(thread, nil) }
    return threads.count == count
  }
}
