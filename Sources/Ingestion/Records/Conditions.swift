import CSimdjson

/// Asks the record that the walker holds what a dialect wants to know of it.
struct Conditions {
  let walker: RecordWalker
  let dialect: CompiledDialect

  func holdsAny(_ groups: [Range<Int>]) -> Bool {
    for group in groups where holdsAll(group) { return true }
    return false
  }

  func holdsAll(_ range: Range<Int>) -> Bool {
    for index in range where !holds(index) { return false }
    return true
  }

  /// The record meets the conditions of a dialect that asks on its own.
  func isRecord(_ detection: CompiledDetection) -> Bool {
    detection.all.allSatisfy { holdsAny($0) } && (detection.any.isEmpty || holdsAny(detection.any))
      && !detection.none.contains(where: { holds($0) })
  }

  private func holds(_ index: Int) -> Bool {
    let value = walker[dialect.conditions[index].slot]
    switch dialect.conditions[index].test {
    case .present: return value.isPresent
    case .absent: return !value.isPresent
    case .exists: return value.exists
    case .isObject: return value.kind == TB_OBJECT
    case .isList: return value.kind == TB_ARRAY
    case .isText: return value.isText
    case .isNumber: return value.looksLikeNumber
    case .atLeast:
      return value.wholeNumber().map { $0 >= dialect.conditions[index].bound } ?? false
    case .isOneOf:
      return value.isPresent && dialect.conditions[index].texts.contains { value.isWritten($0) }
    case .isNoneOf: return !dialect.conditions[index].texts.contains { value.isWritten($0) }
    case .differs:
      let other = walker[dialect.conditions[index].otherSlot]
      return value.isPresent && other.isPresent && !value.isWrittenLike(other)
    case .hasPrefix: return value.isText && value.starts(with: dialect.conditions[index].texts[0])
    case .hasSuffix: return value.isText && value.ends(with: dialect.conditions[index].texts[0])
    }
  }
}
