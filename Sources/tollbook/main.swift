import Pipeline
import Catalog
import Billing
import Foundation
var o = ReadingOptions(); o.threads = 2
let args = Array(CommandLine.arguments.dropFirst())
if args.first == "ingest" {
  var options = IngestOptions(); options.reading = o
  let i = try Ingestor(ledger: args[1], pricer: BookPricer(book: BuiltInPriceBook()), options: options)
  let s = try i.run(InputList(Array(args.dropFirst(2))).inputs)
  print(s.total)
} else {
let n = try Normalizer(o)
let r = try n.run(InputList(args).inputs) { FileHandle.standardOutput.write(Data($0)) }
for x in r { FileHandle.standardError.write(Data("\(x.name) \(x.accounting) \(x.samples) \(x.dialects) \(String(describing: x.error))\n".utf8)) }
}
