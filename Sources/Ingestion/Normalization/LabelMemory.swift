import Billing

/// What one worker knows of labels, by their numbers: a look-up is an index, without hashing.
struct LabelMemory<Value> {
  private var values: [Value?] = []

  subscript(label: Label) -> Value? {
    get {
      let index = Int(label.index)
      return index < values.count ? values[index] : nil
    }
    set {
      let index = Int(label.index)
      if index >= values.count {
        values.append(contentsOf: repeatElement(nil, count: index + 64 - values.count))
      }
      values[index] = newValue
    }
  }
}
