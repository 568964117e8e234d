import Billing
import Catalog
import Documents
import Testing

@Suite struct ExchangeRateReaderTests {
  private static func rates(_ text: String, base: String = "EUR") throws -> ExchangeRates {
    try ExchangeRates(
      reading: Array(text.utf8), file: "rates.csv", base: base, maximumAge: 7,
      rounding: try #require(Rounding(mode: .halfEven, scale: 10)))
  }

  private static func rate(_ rates: ExchangeRates, _ pair: String, _ day: Int) throws -> String? {
    let day = try #require(Day(year: 2026, month: 11, day: day))
    let codes = pair.split(separator: "/").map(String.init)
    return rates.rate(from: codes[0], to: codes[1], on: day).map { "\($0.value) of \($0.day)" }
  }

  @Test func `the central bank's history is read, newest first, with gaps and gone currencies`()
    throws
  {
    let rates = try Self.rates(
      "Date,USD,JPY,CYP,KWD,\r\n2026-11-20,1.16,N/A,N/A,N/A,\r\n2026-11-19,1.15,181.5,N/A,N/A,\r\n"
        + "1999-01-04,1.1789,133.73,0.58231,N/A,\r\n")
    #expect(rates.dayCount == 3)
    #expect(try Self.rate(rates, "EUR/USD", 21) == "1.16 of 2026-11-20")
    #expect(try Self.rate(rates, "EUR/JPY", 20) == "181.5 of 2026-11-19")
    #expect(try Self.rate(rates, "USD/JPY", 22) == "157.8260869565 of 2026-11-19")
    #expect(try Self.rate(rates, "USD/EUR", 20) == "0.8620689655 of 2026-11-20")
    #expect(try Self.rate(rates, "EUR/KWD", 20) == nil)
  }

  @Test func `the bank's daily file is read`() throws {
    let rates = try Self.rates("Date, USD, JPY, \n20 November 2026, 1.16, 181.2, \n")
    #expect(try Self.rate(rates, "EUR/JPY", 20) == "181.2 of 2026-11-20")
  }

  @Test func `tables of one's own are read, with a mark, quotes and blank lines`() throws {
    let pairs = try Self.rates(
      "\u{FEFF}date,base,quote,rate\n\n2026-11-20,USD,CNY,\"7.1\"\n2026-11-20,GBP,USD,1.3\n")
    #expect(try Self.rate(pairs, "USD/CNY", 20) == "7.1 of 2026-11-20")
    #expect(try Self.rate(pairs, "CNY/USD", 20) == "0.1408450704 of 2026-11-20")
    let quotes = try Self.rates("date,currency,rate\n2026-11-20,EUR,0.86\n", base: "USD")
    #expect(try Self.rate(quotes, "USD/EUR", 20) == "0.86 of 2026-11-20")
  }

  @Test(arguments: [
    ("", "rates.csv:1:1: the table is empty"),
    ("a;b\n", "rates.csv:1:1: the head of the table is not known"),
    ("date,currency,rate\n", "the table has no rate"),
    ("Date,USD,yen\n", "rates.csv:1:10: `yen` is not a currency"),
    ("date,currency,rate\n2026-11-20,RMB,7\n", "rates.csv:2:12: `RMB` is not a code of ISO 4217"),
    ("date,currency,rate\n2026-11-31,USD,7\n", "rates.csv:2:1: `2026-11-31` is not a day"),
    ("date,currency,rate\n2026-11-20,USD,1e1\n", "rates.csv:2:16: `1e1` is not a rate"),
    ("date,currency,rate\n2026-11-20,USD,0\n", "`0` is not a rate"),
    ("date,currency,rate\n2026-11-20,USD,-1\n", "`-1` is not a rate"),
    ("date,currency,rate\n2026-11-20,USD,1,2\n", "4 fields stand here, the head has 3"),
    ("date,currency,rate\n2026-11-20,EUR,1\n", "a rate of `EUR` to itself"),
    (
      "date,currency,rate\n2026-11-20,USD,1\n2026-11-20,USD,2\n",
      "rates.csv:3:16: the rate of EUR to USD on 2026-11-20 stands twice"
    ),
  ])
  func `a wrong table is refused with the line and the remedy`(text: String, message: String) throws
  {
    let error = #expect(throws: DocumentError.self) { try Self.rates(text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.remedy.isEmpty == false)
  }
}
