import Foundation
import Ingestion
import LogFixtures
import Pipeline
import Testing

/// What the paths of a command line stand for.
@Suite struct InputListTests {
  private static func tree() throws -> Folder {
    let folder = try Folder()
    for path in ["logs/b", "logs/.hidden", "none"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(path), withIntermediateDirectories: true)
    }
    for name in [
      "logs/z.jsonl", "logs/a.jsonl", "logs/b/c.jsonl", "logs/Z.jsonl", "logs/é.jsonl",
      "logs/.secret.jsonl", "logs/.hidden/d.jsonl",
    ] {
      try folder.write(name, chatLine() + "\n")
    }
    return folder
  }

  private static func names(_ paths: [String], in folder: Folder) -> [String] {
    InputList(paths.map(folder.path)).inputs.map {
      String($0.name.dropFirst(folder.path.count + 1))
    }
  }

  private static let all = [
    "logs/Z.jsonl", "logs/a.jsonl", "logs/b/c.jsonl", "logs/z.jsonl", "logs/é.jsonl",
  ]

  @Test func `a directory stands for all below it, without what is hidden, in byte order`() throws {
    let folder = try Self.tree()
    #expect(Self.names(["logs"], in: folder) == Self.all)
    #expect(Self.names(["logs/"], in: folder) == Self.all)
  }

  @Test func `what is named comes in its order, and once`() throws {
    let folder = try Self.tree()
    let names = ["logs/z.jsonl", "logs/b", "logs/z.jsonl", "logs/.secret.jsonl"]
    #expect(
      Self.names(names, in: folder) == ["logs/z.jsonl", "logs/b/c.jsonl", "logs/.secret.jsonl"])
  }

  @Test func `a pattern stands for its matches`() throws {
    let folder = try Self.tree()
    #expect(Self.names(["logs/[a-z].jsonl"], in: folder) == ["logs/a.jsonl", "logs/z.jsonl"])
    #expect(Self.names(["log?"], in: folder) == Self.all)
    try folder.write("logs/[x].jsonl", "")
    #expect(Self.names(["logs/[x].jsonl"], in: folder) == ["logs/[x].jsonl"])
  }

  @Test func `a link that is named is followed, one in a directory is a file at most`() throws {
    let folder = try Self.tree()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: folder.path("logs"))
    #expect(
      Self.names(["link"], in: folder) == Self.all.map { $0.replacing("logs/", with: "link/") })
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("logs/ring"), withDestinationPath: folder.path("logs"))
    #expect(Self.names(["logs"], in: folder) == Self.all)
  }

  @Test func `what stands for nothing is told`() throws {
    let folder = try Self.tree()
    let list = InputList(["missing", "none", "*.nothing"].map(folder.path) + ["-"])
    #expect(list.inputs == [.standardInput])
    #expect(list.problems.map(\.kind) == [.notFound, .emptyDirectory, .noMatch])
  }

  @Test func `what is no file is refused without waiting`() throws {
    let folder = try Self.tree()
    try run(["mkfifo", folder.path("pipe")])
    let report = try Reading.of(files: [
      folder.path("pipe"), folder.path("logs"), folder.path("missing"), "/dev/zero",
    ]).reports
    #expect(report.map(\.error) == [.notAFile, .isDirectory, .notFound, .notAFile])
  }
}
