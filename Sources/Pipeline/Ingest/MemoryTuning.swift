import CAllocator

/// Settings of the C library's allocator for a program whose large arrays come and go.
///
/// By default each array of a block or a batch would be mapped and unmapped: the kernel would spend
/// an eighth of an ingest on clearing their pages (measured with `perf`).
enum MemoryTuning {
  private static let isApplied: Bool = {
    tb_allocator_keep_memory()
    return true
  }()

  /// Applies them once.
  static func apply() { _ = isApplied }

  /// Gives memory back that is not in use.
  ///
  /// - Complexity: some milliseconds, and as much for what is needed again.
  static func giveBack() { tb_allocator_give_back_memory() }
}
