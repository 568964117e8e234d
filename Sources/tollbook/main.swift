import Pipeline
import Foundation
var o = ReadingOptions(); o.threads = 2
let n = try Normalizer(o)
let r = try n.run(InputList(Array(CommandLine.arguments.dropFirst())).inputs) { FileHandle.standardOutput.write(Data($0)) }
for x in r { FileHandle.standardError.write(Data("\(x.name) \(x.accounting) \(x.samples) \(x.dialects) \(String(describing: x.error))\n".utf8)) }
