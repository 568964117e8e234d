import Billing

/// Which request of a history it is: keys are unique within a day.
struct RequestID: Sendable, Hashable {
  var key: RecordKey
  var time: Timestamp

  init(_ fact: Fact) { self.init(key: fact.key, time: fact.time) }

  init(key: RecordKey, time: Timestamp) {
    self.key = key
    self.time = time
  }
}
