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
    let named = try first(of: dialect.errors) {
      (alternative, value) throws(RejectionReason) -> ErrorClass? in
      if alternative.valueTable >= 0, let code = meaning(alternative, value)?.code {
        return ErrorClass(rawValue: code)
      }
      guard value.isText else { return nil }
      return try walker.withText(of: value) { errorClasses.errorClass(named: $0) }
    }
    if let named { return named }
    if event.status == .blocked { return .contentPolicy }
    let numbered = try first(of: dialect.errors) { _, value in
      value.wholeNumber().flatMap(ErrorClass.init(httpStatus:))
    }
    if let numbered { return numbered }
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
