import Billing

extension EventBuilder {
  /// Completes status, error class and operation from what the record says of the outcome.
  func setOutcome(_ event: inout UsageEvent) throws(RejectionReason) {
    if !event.known.contains(.status), event.known.contains(.httpStatus) {
      event.status = event.httpStatus >= 400 ? .error : .ok
      event.known.insert(.status)
    }
    let hasFailed =
      event.known.contains(.status) && (event.status == .error || event.status == .blocked)
    event.errorClass = hasFailed ? try errorClass(event) : nil
  }

  /// By the names that the record gives the error, else by the HTTP status. What was blocked without
  /// a name was blocked for its content: gateways answer so with statuses of their own, such as 446.
  private func errorClass(_ event: UsageEvent) throws(RejectionReason) -> ErrorClass? {
    for slot in dialect.errorTexts where walker[slot].isText {
      let found = try walker.withText(of: walker[slot]) {
        errorClasses.errorClass(named: $0)
      }
      if let found { return found }
    }
    if event.status == .blocked { return .contentPolicy }
    for slot in dialect.errorTexts {
      if let code = walker[slot].wholeNumber(), let found = ErrorClass(httpStatus: code) {
        return found
      }
    }
    if event.known.contains(.httpStatus),
      let found = ErrorClass(httpStatus: Int64(event.httpStatus))
    {
      return found
    }
    return .other
  }
}

extension ErrorClass {
  /// The class that an HTTP status stands for; `nil` below 400.
  init?(httpStatus: Int64) {
    switch httpStatus {
    case 429: self = .rateLimit
    case 408, 504: self = .timeout
    case 503, 529: self = .overloaded
    case 401, 403: self = .auth
    case 402: self = .budget
    case 400...499: self = .badRequest
    case 500...599: self = .server
    default: return nil
    }
  }
}
