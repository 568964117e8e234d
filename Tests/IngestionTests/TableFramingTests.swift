import Testing

@testable import Ingestion

/// Tables with a header, as consoles export them.
@Suite struct TableFramingTests {
  /// Row by row: a table, and its lines; `` is a blank one.
  static let cases: [(String, [String])] = [
    (
      "model,cost,id\na,1,x\nb,2,y\n",
      ["", #"{"model":"a","cost":"1","id":"x"}"#, #"{"model":"b","cost":"2","id":"y"}"#]
    ),
    ("\u{FEFF}model;cost;id\r\na;1,5;x\r\n", ["", #"{"model":"a","cost":"1,5","id":"x"}"#]),
    ("model\tcost\tid\na\t1\t\"x\ty\"", ["", #"{"model":"a","cost":"1","id":"x\ty"}"#]),
    (
      #""model", "Total Cost (USD)" ,"id""# + "\n\"a\" , \"1\",x\n",
      ["", #"{"model":"a","Total Cost (USD)":"1","id":"x"}"#]
    ),
    // Cells: quotes, line ends, controls, nothing.
    (
      "model,cost,id\n\"a \"\"b\"\"\",\"\",\"x\r\ny\"\n",
      ["", #"{"model":"a \"b\"","id":"x\r\ny"}"#]
    ),
    ("model,cost,id\na\\b, 1 ,5\" x\n", ["", #"{"model":"a\\b","cost":"1","id":"5\" x"}"#]),
    (
      "model,cost,id\na,1,\u{1}\u{1F}\t\u{8}\n",
      ["", #"{"model":"a","cost":"1","id":"\u0001\u001f\t\u0008"}"#]
    ),
    ("model,cost,id\n\n,,\n \na,,\n", ["", "", "", "", #"{"model":"a"}"#]),
    ("model,cost,id\n日本,1,é\n", ["", #"{"model":"日本","cost":"1","id":"é"}"#]),
    ("model,cost,id,cost\na,1,x,2\n", ["", #"{"model":"a","cost":"1","id":"x","cost":"2"}"#]),
    // Rows that are none.
    (
      "model,cost,id\na,1\nb,2,y,z\nc,3,z\n",
      ["", "a,1", "b,2,y,z", #"{"model":"c","cost":"3","id":"z"}"#]
    ),
    (
      "model,cost,id\na,\"1\n2\"\nc,3,z\n",
      ["", "a,\"1 2\"", #"{"model":"c","cost":"3","id":"z"}"#]
    ),
    (
      "model,cost,id\na,\"1,x\nb,2,y\nc,3,z\n",
      [
        "", "a,\"1,x", #"{"model":"b","cost":"2","id":"y"}"#,
        #"{"model":"c","cost":"3","id":"z"}"#,
      ]
    ),
    (
      "model,cost,id\na,\"1\"2,x\nb,2,y\n",
      ["", "a,\"1\"2,x", #"{"model":"b","cost":"2","id":"y"}"#]
    ),
    (
      "model,cost,id\n{\"a\":1,\"b\":2,\"c\":3}\nb,2,y\n",
      ["", #"{"a":1,"b":2,"c":3}"#, #"{"model":"b","cost":"2","id":"y"}"#]
    ),
    ("model,cost,id\nb,2,\"y", ["", "b,2,\"y"]),
    ("model,cost,id", [""]),
    ("\n\nmodel,cost,id\r\na,1,x\r", ["", "", "", #"{"model":"a","cost":"1","id":"x"}"#]),
  ]

  @Test func `a row is an object of texts, however it is read`() {
    for (text, expected) in Self.cases {
      for size in [1, 2, 3, 7, .max] {
        let framed = Framed(text, size: size)
        let isTable = if case .table = framed.framing { true } else { false }
        #expect(isTable, "\(text.debugDescription)")
        let lines = framed.text.split(separator: "\n", omittingEmptySubsequences: false)
          .map(String.init)
        #expect(
          lines.last == "" ? lines.dropLast() == expected[...] : lines == expected,
          "\(text.debugDescription), \(size)")
      }
    }
  }

  static let headers: [(String, UInt8)] = [
    ("generation_id,created_at,cost_total,tokens_prompt", UInt8(ascii: ",")),
    ("startTime;endTime;modelName;promptTokens", UInt8(ascii: ";")),
    ("Date\tModel\tInput Tokens\tCost ($)", UInt8(ascii: "\t")),
    ("usage_date_utc,model,workspace,usage_input_tokens_no_cache", UInt8(ascii: ",")),
    ("Zeit;model;usage", UInt8(ascii: ";")),
  ]

  static let others = [
    "model,cost", "a,b,c", "a,b;model;cost", "model,x,y", "2026-10-01,gpt-5,100",
    "time=1, model=a, cost=3",
    "Started, with 3 models: a, b, cost", "id,time,status", "model,,cost", "model,cost,{\"a\":1}",
    "a line that goes on and on about the cost, the time, and the model",
  ]

  @Test func `a header is told from other text`() {
    for (text, delimiter) in Self.headers {
      #expect(Framed(text + "\n").framing == .table(delimiter: delimiter), "\(text)")
    }
    for text in Self.others { #expect(Framed(text + "\n").framing == .lines, "\(text)") }
  }

  @Test func `bytes that are no text stay`() {
    let bytes = Array("model,cost,id\n".utf8) + [0xFF, 0x2C, 0, 0x2C, 0xC3, 0x0A]
    let line =
      Array("\n{\"model\":\"".utf8) + [0xFF] + Array("\",\"cost\":\"".utf8) + [0]
      + Array("\",\"id\":\"".utf8) + [0xC3] + Array("\"}\n".utf8)
    #expect(Framed(bytes).bytes == line)
  }

  @Test func `a table that is cut keeps the whole rows before the cut`() {
    for (text, _) in Self.cases {
      let bytes = Array(text.utf8)
      let whole = Framed(bytes).text.split(separator: "\n")
      for cut in 0..<bytes.count {
        let framed = Framed(bytes.prefix(cut), size: 3)
        guard case .table = framed.framing else { continue }
        let rows = framed.text.split(separator: "\n")
        // A row that was begun: its text, or lines of it.
        let begun = text.utf8.prefix(cut).reversed().prefix { $0 != UInt8(ascii: "\n") }.count
        if begun == 0, !text.contains("\"") { #expect(whole.starts(with: rows), "\(cut)") }
        #expect(rows.count <= whole.count + 2, "\(cut)")
      }
    }
  }

  @Test func `rows beyond the limit are refused, and those beside them are not`() {
    var limits = InputLimits()
    limits.lineBytes = 100
    let long = String(repeating: "x", count: 300)
    let controls = String(repeating: "\u{1}", count: 90)
    let good = #"{"model":"a","cost":"1","id":"x"}"#
    for row in ["\(long),1,2", "a,\"\(long)\",2", "a,\"\(long),2", "\(controls),1,2"] {
      for size in [1, 50, .max] {
        let text = "model,cost,id\na,1,x\n\(row)\na,1,x\n"
        let lines = Framed(text, size: size, limits: limits).lines
        #expect(lines.count == 3 && lines.first == good && lines.last == good, "\(row), \(size)")
        #expect(lines.dropFirst().first.map { $0.utf8.count > 100 } == true, "\(row), \(size)")
      }
    }
  }
}
