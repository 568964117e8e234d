import Billing
import Foundation
import LogFixtures
import Pipeline
import Testing

/// What is easy to miss in single formats: one record each, and what must be read of it.
@Suite struct DialectSemanticsTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var line: String
    /// What the only event must say; "" for a key that must be absent.
    var expected: [String: String]

    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "Bedrock writes its cache counts under two names: one is taken",
      line: #"""
        {"schemaType":"ModelInvocationLog","timestamp":"2026-10-05T12:00:00Z","requestId":"b1",\#
        "operation":"Converse","modelId":"anthropic.claude-opus-4-8-v1:0","input":{"inputTokenCount":10,\#
        "cacheReadInputTokenCount":90},"output":{"outputTokenCount":5,"outputBodyJson":{"usage":{\#
        "inputTokens":10,"outputTokens":5,"cacheReadInputTokens":90,"cacheReadInputTokenCount":90}}}}
        """#,
      expected: ["input_tokens": "100", "cache_read_tokens": "90", "output_tokens": "5"]),
    Case(
      name: "a streamed Bedrock body may end with a text",
      line: #"""
        {"schemaType":"ModelInvocationLog","timestamp":"2026-10-05T12:00:00Z","requestId":"b2",\#
        "operation":"InvokeModelWithResponseStream","modelId":"anthropic.claude-opus-4-8-v1:0",\#
        "input":{"inputTokenCount":7},"output":{"outputTokenCount":3,"outputBodyJson":[{"type":\#
        "message_start"},"[DONE]"]}}
        """#,
      expected: ["id": "b2", "input_tokens": "7", "output_tokens": "3", "stream": "1"]),
    Case(
      name: "Vercel copies the keys of OpenRouter and is asked first",
      line: #"""
        {"id":"gen_1","object":"chat.completion","created":1790000000,"model":"openai/gpt-5-mini",\#
        "usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10,"cost":0,"is_byok":false,\#
        "cost_details":{"upstream_inference_cost":null},"market_cost":0.0002,"gateway_cost":0}}
        """#,
      expected: ["dialect": "vercel.openai", "gateway": "vercel", "reported_cost": "0"]),
    Case(
      name: "Azure's RequestResponse has no tokens, which is not zero",
      line: #"""
        {"time":"2026-10-05T12:00:00.1234567Z","category":"RequestResponse","correlationId":"a1",\#
        "durationMs":812,"operationName":"ChatCompletions_Create","resultSignature":"200",\#
        "properties":"{\"modelDeploymentName\":\"harbor\",\"modelName\":\"gpt-5-mini\"}"}
        """#,
      expected: ["dialect": "azure.rr", "input_tokens": "", "output_tokens": "", "status": "ok"]),
    Case(
      name: "new-api's group ratio is a markup",
      line: #"""
        {"id":7,"created_at":1790000000,"type":2,"model_name":"gpt-5-mini","token_name":"docks",\#
        "quota":1500,"prompt_tokens":10,"completion_tokens":2,"use_time":3,"request_id":"n1",\#
        "other":"{\"group_ratio\":1.5,\"model_ratio\":0.125}"}
        """#,
      expected: ["dialect": "newapi", "reported_cost": "0.003", "reported_markup": "0.001"]),
    Case(
      name: "the upstream cost of OpenRouter stands beside its own, own keys or not",
      line: #"""
        {"id":"gen-1","provider":"Azure","model":"openai/gpt-5-mini","object":"chat.completion",\#
        "created":1790000000,"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10,\#
        "cost":0.0001,"is_byok":true,"cost_details":{"upstream_inference_cost":0.002}}}
        """#,
      expected: ["byok": "1", "reported_cost": "0.0001", "reported_upstream_cost": "0.002"]),
    Case(
      name: "OpenRouter bills native tokens",
      line: #"""
        {"data":{"id":"gen-2","upstream_id":"u","created_at":"2026-10-05T12:00:00Z","model":"a/b",\#
        "tokens_prompt":10,"tokens_completion":20,"native_tokens_prompt":13,\#
        "native_tokens_completion":25,"native_tokens_reasoning":5,"total_cost":0.1}}
        """#,
      expected: ["input_tokens": "13", "output_tokens": "25", "reasoning_tokens": "5"]),
    Case(
      name: "Portkey counts in cents, and its mode is only what was configured",
      line: #"""
        {"id":"p1","created_at":"2026-10-05T12:00:00Z","ai_org":"openai","ai_model":"gpt-5-mini",\#
        "is_success":true,"response_status_code":200,"req_units":10,"res_units":2,"cost":0.25,\#
        "mode":"fallback","last_used_option_index":0}
        """#,
      expected: ["reported_cost": "0.0025", "route": "", "route_evidence": ""]),
    Case(
      name: "Cohere bills its billed units",
      line: #"""
        {"id":"c1","timestamp":"2026-10-05T12:00:00Z","message":{"role":"assistant"},"usage":{\#
        "billed_units":{"input_tokens":8,"output_tokens":4},"tokens":{"input_tokens":1394,\#
        "output_tokens":9}}}
        """#,
      expected: ["dialect": "cohere", "input_tokens": "8", "output_tokens": "4"]),
    Case(
      name: "xAI counts in ticks, and reasoning beside the output",
      line: #"""
        {"id":"x1","object":"chat.completion","created":1790000000,"model":"grok-4","usage":{\#
        "prompt_tokens":12,"completion_tokens":1,"total_tokens":241,"completion_tokens_details":{\#
        "reasoning_tokens":228},"num_sources_used":0,"cost_in_usd_ticks":1176500}}
        """#,
      expected: [
        "gateway": "xai", "output_tokens": "229", "reasoning_tokens": "228",
        "reported_cost": "0.00011765",
      ]),
    Case(
      name: "Cloudflare's Logpush tells no usage",
      line: #"""
        {"Gateway":"docks","Provider":"openai","Model":"gpt-5-mini","StatusCode":200,"Cached":false,\#
        "RateLimited":false,"Endpoint":"chat/completions"}
        """#,
      expected: ["dialect": "cloudflare.logpush", "input_tokens": "", "reported_cost": ""]),
    Case(
      name: "thoughts of Gemini stand beside its candidates",
      line: #"""
        {"responseId":"g1","modelVersion":"gemini-3.1-flash","timestamp":"2026-10-05T12:00:00Z",\#
        "candidates":[],"usageMetadata":{"promptTokenCount":9,"thoughtsTokenCount":300,\#
        "candidatesTokenCount":11,"toolUsePromptTokenCount":4,"totalTokenCount":324}}
        """#,
      expected: ["input_tokens": "13", "output_tokens": "311", "reasoning_tokens": "300"]),
  ]

  @Test(arguments: cases) func `a record is read as it is meant`(row: Case) throws {
    let reading = try Reading.of(row.line + "\n")
    #expect(reading.rejections == [:])
    let event = try #require(reading.events.first)
    #expect(reading.events.count == 1)
    for (key, value) in row.expected { #expect(event[key] ?? "" == value, "\(key)") }
  }

  @Test func `each call that Kong makes for itself is an event`() throws {
    let usage = #""usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}"#
    let meta = #""meta":{"provider_name":"openai","response_model":"gpt-5-mini"}"#
    let line =
      #"{"started_at":1790000000000,"latencies":{"request":9},"request":{"id":"k1"},"#
      + #""response":{"status":200},"ai":{"proxy":{"# + usage + "," + meta
      + #"},"ai-request-transformer":{"# + usage + "," + meta + "}}}\n"
    let events = try Reading.of(line).events
    #expect(events.map { $0["id"] } == ["k1", "k1#1"])
    #expect(events.allSatisfy { $0["input_tokens"] == "5" })
  }

  // MARK: Lines that belong together

  private static func claude(
    _ message: String, output: Int, at second: Int, sidechain: Bool = false
  ) -> String {
    #"{"type":"assistant","sessionId":"s1","isSidechain":\#(sidechain),"uuid":"u\#(second)","#
      + #""timestamp":"2026-10-05T12:00:\#(10 + second).000Z","requestId":"req_\#(message)","#
      + #""message":{"id":"\#(message)","type":"message","role":"assistant","model":"#
      + #""claude-opus-4-8","usage":{"input_tokens":3,"output_tokens":\#(output)}}}"# + "\n"
  }

  @Test func `of the lines of one Claude Code message the largest counts, in files and runs`()
    throws
  {
    let folder = try Folder()
    let first = try folder.write(
      "a.jsonl", Self.claude("m1", output: 1, at: 0) + Self.claude("m1", output: 164, at: 1))
    let second = try folder.write(
      "b.jsonl",
      Self.claude("m1", output: 90, at: 5, sidechain: true) + Self.claude("m2", output: 7, at: 6))
    let reading = try Reading.of(files: [first])
    #expect(reading.events.map { $0["output_tokens"] } == ["164"])
    #expect(reading.accounting.eventLines == 1 && reading.accounting.duplicates == 1)

    var dumps: [String] = []
    for files in [[first, second], [second, first]] {
      let ledger = folder.path("\(dumps.count).db")
      var total = LineAccounting()
      for file in files { total.add(try ingest([file], into: ledger).total) }
      #expect(total.lines == 4 && total.events == 2 && total.duplicates == 2)
      #expect(total.isBalanced)
      dumps.append(try dump(ledger))
    }
    #expect(dumps[0].contains("164") && !dumps[0].contains("90"))
  }

  @Test(arguments: [["parent", "child"], ["child", "parent"]])
  func `a forked thread of Codex counts what it copied once`(names: [String]) throws {
    let folder = try Folder()
    let files = names.map { Checkout.path("Tests/Samples/codexbar/\($0).jsonl") }
    let ledger = folder.path("a.db")
    var events: Int64 = 0
    for file in files { events += try ingest([file], into: ledger, threads: 2).total.events }
    #expect(events == 155)
    let lines = try Reading.of(files: files).events
    var byID: [String: (input: Int, output: Int)] = [:]
    for event in lines {
      let id = try #require(event["id"])
      byID[id] = (Int(event["input_tokens"] ?? "") ?? 0, Int(event["output_tokens"] ?? "") ?? 0)
    }
    let input = byID.values.reduce(0) { $0 + $1.input }
    let output = byID.values.reduce(0) { $0 + $1.output }
    #expect(input == 15_253_283)
    #expect(output == 55_895)
    #expect(input + output == 15_309_178)
  }

  @Test func `totals of Codex that do not change are no call`() throws {
    let session =
      #"{"type":"session_meta","timestamp":"2026-10-05T12:00:00Z","payload":{"id":"s"}}"#
    func count(_ second: Int, _ total: Int) -> String {
      #"{"type":"event_msg","timestamp":"2026-10-05T12:00:0\#(second)Z","payload":{"type":"#
        + #""token_count","info":{"total_token_usage":{"input_tokens":\#(total),"output_tokens":1},"#
        + #""last_token_usage":{"input_tokens":0,"output_tokens":0,"total_tokens":16650}}}}"#
    }
    let reading = try Reading.of(
      [session, count(1, 10), count(2, 10), count(3, 12)].joined(separator: "\n") + "\n")
    #expect(reading.accounting.eventLines == 2 && reading.accounting.skipped == 2)
  }

  @Test func `a row that sums requests is not added to them`() throws {
    let folder = try Folder()
    let row =
      #"{"date":"2026-10-05","model":"openai/gpt-5-mini","model_permaslug":"openai/gpt-5-mini-x","#
      + #""endpoint_id":"e","provider_name":"OpenAI","usage":0.5,"byok_usage_inference":0,"#
      + #""requests":40,"prompt_tokens":900,"completion_tokens":80,"reasoning_tokens":0}"# + "\n"
    let file = try folder.write("a.jsonl", row)
    #expect(try Reading.of(row).events.map { $0["requests"] } == ["40"])
    let refused = try ingest([file], into: folder.path("a.db"))
    #expect(refused.total.rejections == [.aggregate: 1])
    let counted = try ingest([file], into: folder.path("b.db")) { $0.countsAggregates = true }
    #expect(counted.total.events == 1)
  }

  @Test func `an Azure call in two logs counts once, with its tokens`() throws {
    let gateway =
      #"{"category":"GatewayLogs","time":"2026-10-05T12:00:00Z","correlationId":"z1","durationMs":9,"#
      + #""isRequestSuccess":true,"properties":{"operationId":"ChatCompletions_Create","#
      + #""method":"POST","url":"https://x.example/openai/deployments/docks/chat/completions","#
      + #""responseCode":200,"backendResponseCode":200}}"# + "\n"
    let tokens =
      #"{"TimeGenerated":"2026-10-05T12:00:00Z","CorrelationId":"z1","RequestId":"r","#
      + #""ModelName":"gpt-5-mini","DeploymentName":"docks","PromptTokens":10,"#
      + #""CompletionTokens":2,"TotalTokens":12,"OperationName":"ChatCompletions_Create"}"# + "\n"
    for (number, text) in [gateway + tokens, tokens + gateway].enumerated() {
      let folder = try Folder()
      let summary = try ingest(
        [try folder.write("a.jsonl", text)], into: folder.path("\(number).db"))
      #expect(summary.total.events == 1 && summary.total.duplicates == 1)
      #expect(try dump(folder.path("\(number).db")).contains("azure.llm"))
    }
  }
}
