import CSimdjson

/// The values of a record that somebody wants, as a tree of keys with a slot for each.
///
/// Built once from paths, then shared by all workers: nothing changes it after `seal()`.
@safe
final class Selector: @unchecked Sendable {
  fileprivate let handle: OpaquePointer
  private(set) var slotCount = 0
  private var slots: [Place: Int] = [:]

  private struct Place: Hashable {
    var path: Path
    var envelopes: [Path]
  }

  init() { unsafe handle = tb_selector_create() }

  deinit { unsafe tb_selector_destroy(handle) }

  /// The slot in which the value at a path arrives; the same path gets the same slot.
  ///
  /// - Parameter envelopes: objects in which the whole record may stand instead.
  func slot(for path: Path, in envelopes: [Path] = []) -> Int {
    let place = Place(path: path, envelopes: envelopes)
    if let slot = slots[place] { return slot }
    let slot = slotCount
    slotCount += 1
    slots[place] = slot
    for path in [path] + envelopes.map({ $0.appending(path) }) {
      share(node(for: path), slot)
    }
    return slot
  }

  /// A string at this path that holds JSON is read as if it stood there unquoted.
  func embed(_ path: Path, in envelopes: [Path] = []) {
    for path in [path] + envelopes.map({ $0.appending(path) }) {
      unsafe tb_selector_set_embedded(handle, node(for: path))
    }
  }

  /// Ends building; to be called once, before the first walk.
  func seal() { unsafe tb_selector_seal(handle) }

  /// A node may feed several slots: a path of one dialect is an enveloped path of another.
  private func share(_ node: UInt32, _ slot: Int) {
    unsafe tb_selector_add_slot(handle, node, UInt32(slot))
  }

  private func node(for path: Path) -> UInt32 {
    var node: UInt32 = 0
    for step in path.steps {
      switch step {
      case .key(let name):
        var bytes = Array(name.utf8)
        bytes.append(0)
        node = unsafe bytes.withUnsafeBufferPointer { buffer in
          unsafe tb_selector_key(handle, node, buffer.baseAddress, buffer.count - 1)
        }
      case .element(let index):
        node = unsafe tb_selector_element(handle, node, Int32(index))
      }
    }
    return node
  }

  /// The C tree, for a walk.
  var tree: OpaquePointer { unsafe handle }
}
