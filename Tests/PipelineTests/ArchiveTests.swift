import Billing
import Foundation
import Ingestion
import LogFixtures
import Pipeline
import Testing

/// Compressed logs: recognised by content, read to the last whole line.
@Suite struct ArchiveTests {
  private static let text = chatLines(0..<400)

  /// Compresses a file as the tools do, in two pieces behind each other.
  private static func archives(in folder: Folder) throws -> (gzip: String, zstd: String) {
    let half = text.utf8.count / 2
    try folder.write("first", text.utf8.prefix(half))
    try folder.write("second", text.utf8.dropFirst(half))
    for piece in ["first", "second"] {
      try run(["gzip", "--keep", folder.path(piece)])
      try run(["zstd", "--quiet", folder.path(piece), "-o", folder.path("\(piece).zst")])
    }
    let gzip = try folder.bytes("first.gz") + folder.bytes("second.gz")
    let zstd = try folder.bytes("first.zst") + folder.bytes("second.zst")
    return (try folder.write("log.gz", gzip), try folder.write("log.zst", zstd))
  }

  private static func plain() throws -> Reading { try Reading.of(text) }

  // Acceptance row 59.
  @Test func `several members and frames are one log`() throws {
    let folder = try Folder()
    let archives = try Self.archives(in: folder)
    let plain = try Self.plain()
    for file in [archives.gzip, archives.zstd] {
      for blockBytes in [100, 4096, 1 << 20] {
        var limits = InputLimits()
        limits.blockBytes = blockBytes
        let reading = try Reading.of(files: [file], limits: limits)
        #expect(reading.bytes == plain.bytes, "\(file), \(blockBytes)")
        #expect(reading.reports[0].error == nil, "\(file), \(blockBytes)")
        #expect(reading.accounting == plain.accounting, "\(file), \(blockBytes)")
      }
    }
  }

  // Acceptance row 64.
  @Test func `the name of a file tells nothing`() throws {
    let folder = try Folder()
    let archives = try Self.archives(in: folder)
    let names = [
      try folder.write("a.log", folder.bytes("log.gz")),
      try folder.write("a.gz", folder.bytes("log.zst")),
      try folder.write("b.gz", Self.text),
      try folder.write("b.zst", Self.text),
    ]
    _ = archives
    for name in names {
      #expect(try Reading.of(files: [name]).bytes == Self.plain().bytes, "\(name)")
    }
  }

  // Acceptance row 61.
  @Test func `a cut archive keeps the whole lines before the cut`() throws {
    let folder = try Folder()
    let archives = try Self.archives(in: folder)
    let plain = try Self.plain().lines
    for (file, kind) in [(archives.gzip, Compression.gzip), (archives.zstd, .zstd)] {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
      for cut in [40, bytes.count / 3, bytes.count - 9, bytes.count - 1] {
        let reading = try Reading.of(bytes.prefix(cut))
        #expect(reading.reports[0].error == .truncated(kind), "\(kind), \(cut)")
        #expect(plain.starts(with: reading.lines), "\(kind), \(cut)")
        #expect(reading.accounting.rejected == 0, "\(kind), \(cut)")
      }
      let nearlyAll = try Reading.of(bytes.dropLast())
      #expect(nearlyAll.lines.count >= 398, "\(kind)")
    }
  }

  /// A complete file that comes later adds only what is missing.
  // Acceptance row 61.
  @Test func `a cut archive is completed later`() throws {
    let folder = try Folder()
    let archives = try Self.archives(in: folder)
    let ledger = folder.path("a.db")
    let whole = try folder.bytes("log.gz")
    try folder.write("growing.gz", whole.prefix(whole.count * 2 / 3))
    let first = try ingest([folder.path("growing.gz")], into: ledger)
    #expect(first.inputs[0].error == .truncated(.gzip))
    let again = try ingest([folder.path("growing.gz")], into: ledger)
    #expect(again.inputs[0].error == .truncated(.gzip))
    #expect(again.total.lines == 0)
    try folder.write("growing.gz", whole)
    let second = try ingest([folder.path("growing.gz")], into: ledger)
    #expect(second.inputs[0].error == nil)
    #expect(first.total.events + second.total.events == 400)
    #expect(try ingest([folder.path("growing.gz")], into: ledger).unchanged.count == 1)
    let straight = folder.path("b.db")
    try ingest([archives.zstd], into: straight)
    #expect(try dump(ledger) == dump(straight))
  }

  // Acceptance row 62.
  @Test func `an archive that ends between two members grows`() throws {
    let folder = try Folder()
    let archives = try Self.archives(in: folder)
    try ingest([archives.gzip], into: folder.path("straight.db"))
    for (name, whole) in [("first.gz", "log.gz"), ("first.zst", "log.zst")] {
      let ledger = folder.path("\(name).db")
      let growing = try folder.write("growing-\(name)", folder.bytes(name))
      let first = try ingest([growing], into: ledger)
      #expect(first.inputs[0].error == nil && first.total.events < 400)
      try folder.write("growing-\(name)", folder.bytes(whole))
      let second = try ingest([growing], into: ledger)
      #expect(first.total.events + second.total.events == 400)
      #expect(try dump(ledger) == dump(folder.path("straight.db")))
    }
  }

  // Acceptance rows 59, 60 and 64.
  @Test func `what stands behind the last member is told`() throws {
    let folder = try Folder()
    _ = try Self.archives(in: folder)
    let plain = try Self.plain()
    let (gzip, zstd) = (try folder.bytes("log.gz"), try folder.bytes("log.zst"))
    let skippable: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
    let good = [gzip + Array(repeating: 0, count: 5000), skippable + zstd + skippable]
    for bytes in good {
      let reading = try Reading.of(bytes)
      #expect(reading.bytes == plain.bytes)
      #expect(reading.reports[0].error == nil)
    }
    for (bytes, kind) in [(gzip, Compression.gzip), (zstd, .zstd)] {
      let reading = try Reading.of(bytes + Array("garbage!".utf8))
      #expect(reading.bytes == plain.bytes)
      #expect(reading.reports[0].error == .trailingGarbage(kind))
    }
  }

  // Acceptance row 63.
  @Test func `a flipped bit is damage`() throws {
    let folder = try Folder()
    _ = try Self.archives(in: folder)
    for name in ["log.gz", "log.zst"] {
      var bytes = try folder.bytes(name)
      bytes[bytes.count / 4] ^= 0x10
      let reading = try Reading.of(bytes)
      #expect(reading.reports[0].error != nil, "\(name)")
      #expect(reading.accounting.isBalanced, "\(name)")
    }
  }

  /// What a damaged member holds may look like requests: the good copy would be too late.
  // Acceptance row 63.
  @Test(arguments: ["gz", "zst"]) func `of a damaged archive only sound members are stored`(
    suffix: String
  ) throws {
    let folder = try Folder()
    _ = try Self.archives(in: folder)
    let whole = try folder.bytes("log.\(suffix)")
    let straight = folder.path("straight.db")
    try ingest([folder.path("log.\(suffix)")], into: straight)
    try ingest([try folder.write("sound", folder.bytes("first.\(suffix)"))], into: "\(straight).1")
    let seam = try folder.bytes("first.\(suffix)").count
    var struck = [false: 0, true: 0]
    for position in stride(from: 20, to: whole.count, by: whole.count / 12) {
      var bytes = whole
      bytes[position] ^= 0x04
      let ledger = folder.path("\(position).db")
      let archive = try folder.write("bad", bytes)
      let first = try ingest([archive], into: ledger)
      guard first.inputs.first?.error == .damaged(suffix == "gz" ? .gzip : .zstd) else { continue }
      struck[position >= seam, default: 0] += 1
      #expect(first.total.isBalanced)
      #expect(first.total.events == 0 || position >= seam, "\(position)")
      if position >= seam { #expect(try dump(ledger) == dump("\(straight).1"), "\(position)") }
      try folder.write("bad", whole)
      #expect(try ingest([archive], into: ledger).inputs.first?.error == nil)
      #expect(try dump(ledger) == dump(straight), "\(position)")
    }
    #expect(struck.values.allSatisfy { $0 > 2 }, "\(struck)")
  }

  // Acceptance row 65.
  @Test func `a bomb is defused`() throws {
    let folder = try Folder()
    try python(
      """
      import gzip, sys
      with gzip.open(sys.argv[1], "wb") as out:
          for _ in range(256): out.write(bytes(1 << 20))
      """, folder.path("bomb.gz"))
    try run([
      "sh", "-c", "head -c 268435456 /dev/zero | zstd --quiet -o \"$0\"", folder.path("bomb.zst"),
    ])
    for (name, kind) in [("bomb.gz", Compression.gzip), ("bomb.zst", .zstd)] {
      let reading = try Reading.of(files: [folder.path(name)])
      #expect(reading.lines.isEmpty)
      let error = reading.reports[0].error
      #expect(error == .bomb(kind) || reading.rejections == [.tooLong: 1], "\(name)")
    }
  }

  // Acceptance rows 65 and 66.
  @Test func `a dictionary is asked for, and too large a window refused`() throws {
    let folder = try Folder()
    var samples: [String] = []
    for number in 0..<60 {
      samples.append(try folder.write("s\(number)", chatLines(number..<(number + 9))))
    }
    try run(["zstd", "--quiet", "--train", "--maxdict=4096", "-o", folder.path("dict")] + samples)
    try run([
      "zstd", "--quiet", "-D", folder.path("dict"), samples[0], "-o", folder.path("d.zst"),
    ])
    #expect(try Reading.of(files: [folder.path("d.zst")]).reports[0].error == .needsDictionary)
    // A frame with a window of 2 GiB: descriptor 0, window exponent 31 - 10.
    let wide: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 21 << 3, 1, 0, 0]
    #expect(try Reading.of(wide).reports[0].error == .bomb(.zstd))
  }

  // Acceptance row 64.
  @Test func `an archive in an archive is not opened`() throws {
    let folder = try Folder()
    _ = try Self.archives(in: folder)
    try run(["zstd", "--quiet", folder.path("log.gz"), "-o", folder.path("nested.zst")])
    let reading = try Reading.of(files: [folder.path("nested.zst")])
    #expect(reading.lines.isEmpty)
    #expect(reading.accounting.rejected > 0)
  }

  // Acceptance row 60.
  @Test func `an empty member holds nothing`() throws {
    let folder = try Folder()
    try folder.write("empty", "")
    try run(["gzip", "--keep", folder.path("empty")])
    try run(["zstd", "--quiet", folder.path("empty"), "-o", folder.path("empty.zst")])
    for name in ["empty", "empty.gz", "empty.zst"] {
      let report = try Reading.of(files: [folder.path(name)]).reports[0]
      #expect(report.error == nil, "\(name)")
      #expect(report.accounting == LineAccounting(), "\(name)")
    }
  }
}
