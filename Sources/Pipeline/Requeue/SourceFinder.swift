import Billing
import Ingestion
import Ledger

/// Finds the sources that a file holds, among those of which lines were rejected.
struct SourceFinder {
  let key: StoreKey
  let limits: InputLimits
  private let registries: [(label: String, sources: SourceRegistry)]

  init(_ sources: [RejectedSource], key: StoreKey, limits: InputLimits) {
    self.key = key
    self.limits = limits
    let labels = Set(sources.map(\.source.checkpoint.label)).sorted()
    registries = labels.map { label in
      (label, SourceRegistry(sources.map(\.source), label: label))
    }
  }

  /// A source in a file, which stands at its start and ends where the source was read to.
  struct Found {
    var source: StoredSource
    var log: LogInput
  }

  /// One source for each label under which the file was read.
  ///
  /// - Throws: `InputError`.
  func find(_ path: String) throws(InputError) -> [Found] {
    var found: [Found] = []
    for (label, sources) in registries {
      let log = try LogInput(path: path, limits: limits, key: key)
      let identity = SourceIdentity(key: key, log: log, path: path, label: label)
      guard let source = try find(identity, among: sources) else { continue }
      let again = try log.again()
      again.end(at: source.checkpoint.offset)
      found.append(Found(source: source, log: again))
    }
    return found
  }

  private func find(
    _ identity: SourceIdentity, among sources: SourceRegistry
  ) throws(InputError) -> StoredSource? {
    let log = identity.log
    if log.isFramed {
      let file = try identity.file()
      if let known = sources.unchanged(file) { return known }
      return sources.archive(try identity.content())
    }
    if log.compression != .none {
      let search = LineageSearch(identity)
      return try search.resume(search.candidates(among: sources)).source
    }
    let status = log.status
    let resumption = try sources.resumption(
      size: status.size, device: status.device, inode: status.inode
    ) { range throws(InputError) in try identity.digest(range) }
    if case .resume(let stored) = resumption { return stored }
    return nil
  }
}
