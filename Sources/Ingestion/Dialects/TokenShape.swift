public import Documents

/// A way to write token counts: where each stands below the usage object, and which include which.
public struct TokenShape: Sendable {
  var name: String
  /// The input count includes cached and written tokens.
  var inputIncludesCache: Bool
  /// The output count includes reasoning.
  var outputIncludesReasoning: Bool
  /// Writes of unknown lifetime live five minutes, the vendor's default.
  var writesDefaultTo5m: Bool
  /// `total` decides between conventions where the log has another than expected.
  var hasArbiter: Bool
  var counts: [TokenCount: [Path]]

  /// Reads the file of shapes: a mapping from names.
  public static func all(_ node: DocumentNode) throws(DocumentError) -> [TokenShape] {
    var shapes: [TokenShape] = []
    for (name, value) in try node.mapping(allowing: nil).all {
      shapes.append(try TokenShape(name: name, value))
    }
    return shapes
  }

  init(name: String, _ node: DocumentNode) throws(DocumentError) {
    let mapping = try node.mapping(
      allowing: ["cache", "reasoning", "cache_write_lifetime", "arbiter"]
        + TokenCount.allCases.map(\.rawValue))
    self.name = name
    inputIncludesCache =
      try mapping.required("cache").word(of: ["inside", "beside"]) == "inside"
    outputIncludesReasoning =
      try mapping.required("reasoning").word(of: ["inside", "beside"]) == "inside"
    writesDefaultTo5m =
      try mapping.optional("cache_write_lifetime")?.word(of: ["5m", "unknown"]) == "5m"
    hasArbiter = try mapping.optional("arbiter")?.bool() ?? true
    counts = [:]
    for count in TokenCount.allCases {
      guard let value = mapping.optional(count.rawValue) else { continue }
      counts[count] = try Path.list(value)
    }
  }
}

/// The counts that logs write.
enum TokenCount: String, CaseIterable, Sendable {
  case input, output, total
  case cacheRead = "cache_read"
  case cacheWrite = "cache_write"
  case cacheWrite5m = "cache_write_5m"
  case cacheWrite1h = "cache_write_1h"
  case inputAudio = "input_audio"
  case inputImage = "input_image"
  case inputVideo = "input_video"
  case reasoning = "reasoning_part"
  case outputAudio = "output_audio"
  case outputImage = "output_image"
}
