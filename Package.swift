// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "tollbook",
  products: [
    .executable(name: "tollbook", targets: ["tollbook"]),
    .executable(name: "tollbook-benchmark", targets: ["tollbook-benchmark"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // C and C++ shims: system libraries and embedded data.
    .target(
      name: "CSimdjson", cxxSettings: [.unsafeFlags(["-O3"])],
      linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CZstd", linkerSettings: [.linkedLibrary("zstd")]),
    .target(name: "CISAL", linkerSettings: [.linkedLibrary("isal")]),
    .target(name: "CCatalog"),
    .target(name: "CDialects"),
    .target(name: "CAllocator"),
    .target(name: "CSQLiteSettings", linkerSettings: [.linkedLibrary("sqlite3")]),

    // The stages, in the order in which data flows.
    .target(name: "Billing"),
    .target(name: "Documents", dependencies: ["Billing", .product(name: "Yams", package: "Yams")]),
    .target(
      name: "Ingestion",
      dependencies: ["Billing", "Documents", "CSimdjson", "CZstd", "CISAL", "CDialects"],
      exclude: ["Dialects/BuiltIn"]),
    .target(name: "LogDamage", dependencies: ["Billing", "Ingestion"]),
    .target(
      name: "Catalog", dependencies: ["Billing", "Documents", "CCatalog"], exclude: ["Data"]),
    .target(
      name: "Ledger",
      dependencies: [
        "Billing", "CZstd", "CSQLiteSettings", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(name: "Insights", dependencies: ["Billing"]),
    .target(name: "Reporting", dependencies: ["Billing", "Insights"]),
    .target(name: "Alerting", dependencies: ["Billing", "Insights", "Reporting"]),
    .target(
      name: "Pipeline",
      dependencies: [
        "CAllocator",
        "Billing", "Documents", "Ingestion", "Catalog", "Ledger", "Insights", "Reporting",
        "Alerting",
      ]),
    .executableTarget(
      name: "tollbook",
      dependencies: [
        "Pipeline", "Billing", "Insights", "Reporting", "Alerting",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "tollbook-benchmark",
      dependencies: ["Pipeline", "Billing", "Reporting", "LogDamage"]),

    .testTarget(name: "BillingTests", dependencies: ["Billing"], exclude: ["Vectors"]),
    .testTarget(
      name: "CatalogTests", dependencies: ["Billing", "Catalog", "Documents"], exclude: ["Vectors"]),
    .testTarget(
      name: "LedgerTests",
      dependencies: ["Billing", "Ledger", .product(name: "GRDB", package: "GRDB.swift")],
      exclude: ["Ledgers"]),
    .testTarget(name: "DocumentsTests", dependencies: ["Billing", "Documents"]),
    .testTarget(name: "InsightsTests", dependencies: ["Billing", "Insights", "UsageFixtures"]),
    .testTarget(
      name: "ReportingTests", dependencies: ["Billing", "Insights", "Reporting", "UsageFixtures"],
      exclude: ["Golden"]),
    .testTarget(
      name: "AlertingTests",
      dependencies: ["Billing", "Insights", "Reporting", "Alerting", "UsageFixtures"],
      exclude: ["Golden"]),
    .testTarget(
      name: "IngestionTests", dependencies: ["Billing", "Documents", "Ingestion", "LogFixtures"]),
    .testTarget(
      name: "PipelineTests",
      dependencies: [
        "Billing", "Catalog", "Documents", "Ingestion", "Insights", "Ledger", "Pipeline",
        "Reporting", "LogDamage", "LogFixtures", "UsageFixtures",
      ]),
    .target(
      name: "LogFixtures", dependencies: ["Billing", "Documents", "Ingestion", "Pipeline"],
      path: "Tests/LogFixtures"),
    .target(
      name: "UsageFixtures", dependencies: ["Billing"], path: "Tests/UsageFixtures"),
    .testTarget(name: "CommandTests", dependencies: ["tollbook"], exclude: ["Harbor"]),
    .testTarget(name: "TidyTests"),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x,
  cxxLanguageStandard: .cxx17
)

// `make fuzz` alone builds this: it needs every module built for libFuzzer.
if Context.environment["TOLLBOOK_FUZZER"] != nil {
  package.targets += [
    .target(name: "CFuzzer"),
    .executableTarget(name: "tollbook-fuzzer", dependencies: ["Ledger", "LogDamage", "CFuzzer"]),
  ]
}

/// The same strictness everywhere: what the compiler can prove is not left to review.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]
for target in package.targets where !target.name.hasPrefix("C") || target.name == "Catalog" {
  target.swiftSettings = (target.swiftSettings ?? []) + strict
}

/// Exclusive access is proven by the debug build, which every test runs; a release does not pay for
/// asking again at each access of a class property.
let unchecked: SwiftSetting = .unsafeFlags(
  ["-enforce-exclusivity=unchecked", "-cross-module-optimization"], .when(configuration: .release))
for target in package.targets
where ["Billing", "Ingestion", "Ledger", "Pipeline"].contains(target.name) {
  target.swiftSettings?.append(unchecked)
}
