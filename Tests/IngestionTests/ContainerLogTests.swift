import Testing

@testable import Ingestion

/// The logs that runtimes keep of containers.
@Suite struct ContainerLogTests {
  private static func time(_ number: Int) -> String { "2026-10-01T00:00:0\(number).123456789Z" }

  @Test func `the parts of a line are joined, each stream for itself`() {
    let text = """
      \(Self.time(0)) stdout F {"a":1}
      \(Self.time(1)) stdout P {"b":"x
      \(Self.time(2)) stderr F {"c":3}
      \(Self.time(3)) stderr P {"d":
      \(Self.time(4)) stdout P  y 
      \(Self.time(5)) stdout F z"}
      no line of the runtime

      2026-10-01T00:00:06+02:00 stderr F:tag 4}
      \(Self.time(7)) stdout F

      """
    let expected = """
      \(Self.time(0)) stdout F {"a":1}
      \(Self.time(2)) stderr F {"c":3}
      \(Self.time(1)) stdout P {"b":"x y z"}
      no line of the runtime

      \(Self.time(3)) stderr P {"d":4}
      \(Self.time(7)) stdout F

      """
    for size in [1, 2, 3, 7, .max] {
      let framed = Framed(text, size: size)
      #expect(framed.framing == .containerLog(.kubernetes))
      #expect(framed.text == expected, "\(size)")
    }
  }

  private static func docker(_ log: String, _ number: Int, _ stream: String = "stdout") -> String {
    #"{"log":"\#(log)","stream":"\#(stream)","time":"\#(time(number))"}"#
  }

  @Test func `a text without its line end goes on in the next`() {
    let text = [
      Self.docker(#"{\"a\":1}\n"#, 0), Self.docker(#"{\"b\":\"\\n"#, 1),
      Self.docker(#"{\"c\":3}\n"#, 2, "stderr"), Self.docker("x", 3),
      Self.docker(#"y\\\\\"}\n"#, 4), #"{"other":1}"#, Self.docker(#"\n"#, 5),
    ]
    let expected = [
      text[0], text[2], Self.docker(#"{\"b\":\"\\nxy\\\\\"}\n"#, 1), text[5], text[6],
    ]
    for size in [1, 2, 3, 7, .max] {
      let framed = Framed(text.map { $0 + "\n" }.joined(), size: size)
      #expect(framed.framing == .containerLog(.docker))
      #expect(framed.lines == expected, "\(size)")
    }
  }

  static let others = [
    "2026-10-01 00:00:00 stdout F {}", "2026-10-01T00:00:00Z stdin F {}",
    "2026-10-01T00:00:00Z stdout X {}", "2026-10-01T00:00:00Z stdout F{}",
    "2026-10-01T00:00:00 stdout F {}", #"{"log":"a\n","stream":"stdin","time":""}"#,
    #"{"log":"a\n"}"#, #"{"log":1,"stream":"stdout"}"#, #"{"stream":"stdout","log":"a\n"}"#,
  ]

  @Test func `other lines are left alone`() {
    for text in Self.others { #expect(Framed(text + "\n").framing == .lines, "\(text)") }
  }

  @Test func `what has no last part is told as far as it came`() {
    let parts = ["\(Self.time(0)) stdout P {\"a\":", "\(Self.time(1)) stderr P {\"b\":"]
    for text in [parts.joined(separator: "\n"), parts.joined(separator: "\n") + "\n"] {
      #expect(Framed(text, size: 2).lines == parts)
    }
    #expect(Framed(Self.docker("x", 0) + "\n").lines == [Self.docker("x", 0)])
  }

  @Test func `a record beyond the limit is not kept, and is refused`() {
    var limits = InputLimits()
    limits.lineBytes = 200
    let part = String(repeating: "x", count: 100)
    let text =
      (0..<9).map { "\(Self.time($0)) stdout P \(part)\n" }.joined()
      + "\(Self.time(9)) stdout F x\n\(Self.time(9)) stdout F \(part)\(part)\n"
      + "\(Self.time(9)) stdout F x\n"
    for size in [1, 7, .max] {
      let lines = Framed(text, size: size, limits: limits).lines
      #expect(lines.count == 3)
      #expect(lines.prefix(2).allSatisfy { (201...400).contains($0.utf8.count) })
      #expect(lines.last == "\(Self.time(9)) stdout F x")
    }
  }
}
