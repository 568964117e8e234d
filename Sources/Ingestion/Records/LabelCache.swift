package import Billing
import Glibc

/// One worker's memory of labels it has met, before the lock of the shared table.
///
/// - Complexity: O(length) for a known label, without allocation.
@safe
package final class LabelCache {
  private struct Entry {
    var hash: UInt64 = 0
    var offset: UInt32 = 0
    var count: UInt32 = 0
    var label = Label.none
  }

  package let table: LabelTable
  private var entries: [Entry]
  private var bytes: [UInt8] = []
  /// Bytes of the texts that are remembered.
  package var byteCount: Int { bytes.count }
  private var used = 0

  /// Texts beyond this length are cut: no name of a model, team or key is that long.
  package static let lengthLimit = 256

  package init(table: LabelTable) {
    self.table = table
    entries = Array(repeating: Entry(), count: 1024)
  }

  /// The label for a text, at most `lengthLimit` bytes of it; that of a credential is its hash.
  package func label(_ text: Span<UInt8>) -> Label {
    unsafe text.withUnsafeBytes { bytes in
      unsafe label(
        bytes.count <= Self.lengthLimit
          ? bytes
          : UnsafeRawBufferPointer(rebasing: bytes[0..<text.length(atMost: Self.lengthLimit)]))
    }
  }

  private func label(_ text: UnsafeRawBufferPointer) -> Label {
    if unsafe text.isEmpty { return .none }
    let hash = unsafe Self.hash(text)
    var position = Int(truncatingIfNeeded: hash) & (entries.count - 1)
    while entries[position].count != 0 {
      if entries[position].hash == hash, unsafe matches(entries[position], text) {
        return entries[position].label
      }
      position = (position + 1) & (entries.count - 1)
    }
    return unsafe insert(text, hash, at: position)
  }

  private func matches(_ entry: Entry, _ text: UnsafeRawBufferPointer) -> Bool {
    guard Int(entry.count) == text.count else { return false }
    guard let start = text.baseAddress else { return true }
    return unsafe bytes.withUnsafeBytes { known in
      unsafe known.baseAddress.map { base in
        unsafe memcmp(base + Int(entry.offset), start, text.count) == 0
      } ?? false
    }
  }

  private func insert(_ text: UnsafeRawBufferPointer, _ hash: UInt64, at position: Int) -> Label {
    let name = unsafe Array(text)
    let label =
      Credential.stands(in: name)
      ? table.intern(CredentialName.of(name.span)) : table.intern(name)
    let entry = Entry(
      hash: hash, offset: UInt32(bytes.count), count: UInt32(text.count), label: label)
    unsafe bytes.append(contentsOf: text)
    entries[position] = entry
    used += 1
    if used * 2 > entries.count { grow() }
    return label
  }

  private func grow() {
    let old = entries
    entries = Array(repeating: Entry(), count: old.count * 2)
    for entry in old where entry.count != 0 {
      var position = Int(truncatingIfNeeded: entry.hash) & (entries.count - 1)
      while entries[position].count != 0 { position = (position + 1) & (entries.count - 1) }
      entries[position] = entry
    }
  }

  /// Eight bytes at a time, each mixed by a multiplication: enough to spread a few thousand names.
  private static func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
    var hash = UInt64(text.count) &* 0x9E37_79B9_7F4A_7C15
    var offset = 0
    while offset + 8 <= text.count {
      let word = unsafe text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      hash = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
      offset += 8
    }
    var tail: UInt64 = 0
    while offset < text.count {
      tail = unsafe tail << 8 | UInt64(text[offset])
      offset += 1
    }
    hash = (hash ^ tail) &* 0xFF51_AFD7_ED55_8CCD
    return hash ^ hash >> 29
  }
}
