import Foundation
import Testing

/// Data flows one way: a module may import what stands before it, and no more.
@Suite struct ArchitectureTests {
  /// What each target may import; `Sources/README.md` gives the reasons.
  static let allowedImports: [String: Set<String>] = {
    let system: Set<String> = [
      "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization",
    ]
    let values: Set<String> = ["Billing", "Insights", "Reporting", "Alerting"]
    let stages = values.union(["Documents", "Ingestion", "Catalog", "Ledger"])
    return [
      "Billing": ["Synchronization"],
      "Documents": ["Billing", "Yams"],
      "Ingestion": system.union([
        "Billing", "Documents", "CSimdjson", "CZstd", "CISAL", "CDialects",
      ]),
      "LogDamage": ["Billing", "Ingestion", "Foundation"],
      "Catalog": ["Billing", "Documents", "CCatalog", "Foundation", "Synchronization"],
      "Ledger": system.union(["Billing", "CZstd", "CSQLiteSettings", "GRDB"]),
      "Insights": ["Billing", "Foundation", "FoundationEssentials", "Synchronization"],
      "Reporting": ["Billing", "Insights"],
      "Alerting": ["Billing", "Insights", "Reporting"],
      "Pipeline": system.union(stages).union(["Dispatch", "CAllocator"]),
      "tollbook": system.union(values).union(["Documents", "Pipeline", "ArgumentParser"]),
      "tollbook-benchmark": system.union(values).union(["LogDamage", "Pipeline"]),
      "tollbook-fuzzer": ["CFuzzer", "Foundation", "Ledger", "LogDamage"],
    ]
  }()

  /// Unsafe code has an address: where bytes of input are read and walked, and single files that
  /// call the system or reach data that the build embedded.
  static let unsafePlaces = [
    "Sources/Ingestion/Bytes/", "Sources/Ingestion/Framing/", "Sources/Ingestion/Records/",
    "Sources/Ledger/Segments/Compression.swift", "Sources/Ledger/Store/Descriptors.swift",
    "Sources/Ledger/Store/Hardening.swift",
    "Sources/Catalog/BuiltIn/EmbeddedCatalog.swift", "Sources/Pipeline/Reading/Glob.swift",
    "Sources/Pipeline/Ingest/Interruption.swift", "Sources/Pipeline/Reading/ThreadProbe.swift",
    "Sources/Pipeline/Settings/ProcessSettings.swift", "Sources/Pipeline/Reports/AtomicFile.swift",
    "Sources/Pipeline/Quarantine/PrivateFolder.swift",
    "Sources/tollbook-fuzzer/",
  ]

  static var targets: [String] { get throws { try Repository.names(in: "Sources") } }

  @Test func `a target imports only what stands before it`() throws {
    for path in try Repository.files(below: "Sources", suffix: ".swift") {
      let target = String(path.split(separator: "/")[1])
      let allowed = try #require(Self.allowedImports[target], "no imports are listed for \(target)")
      for module in SwiftSource(try Repository.text(path)).imports {
        #expect(allowed.contains(module), "\(path) imports \(module)")
      }
    }
  }

  @Test func `every folder of Sources is a target and every file is in one`() throws {
    let manifest = try Repository.text("Package.swift")
    for name in try Self.targets where name != "README.md" {
      #expect(Repository.isFolder("Sources/\(name)"), "Sources/\(name) is in no target")
      #expect(manifest.contains("(name: \"\(name)\"") || manifest.contains("name: \"\(name)\","))
      #expect(Self.allowedImports[name] != nil || name.hasPrefix("C"), "\(name) has no row here")
    }
    for name in Self.allowedImports.keys.sorted() {
      #expect(Repository.isFolder("Sources/\(name)"), "the table names \(name), which is gone")
    }
  }

  @Test func `the top level holds what the design names`() throws {
    let allowed: Set<String> = [
      "LICENSE", "Makefile", "Package.swift", "README.md", "Sources", "Tests", "sample-logs",
      "schemas", ".ci", ".editorconfig", ".gitignore", ".swift-format",
    ]
    #expect(try Repository.topLevel.filter { !allowed.contains($0) } == [])
  }

  @Test func `unsafe code stands only where it may`() throws {
    for path in try Repository.files(below: "Sources", suffix: ".swift")
    where !Self.unsafePlaces.contains(where: path.hasPrefix) {
      let lines = SwiftSource(try Repository.text(path)).lines(with: ["unsafe"])
      #expect(lines == [], "\(path)")
    }
  }

  @Test func `no floating point comes near money`() throws {
    for path in try Repository.files(below: "Sources/Billing", suffix: ".swift") {
      let lines = SwiftSource(try Repository.text(path))
        .lines(with: ["Double", "Float", "Float16", "Float80", "CGFloat"])
      #expect(lines == [], "\(path)")
    }
  }
}
