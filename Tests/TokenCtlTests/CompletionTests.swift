import Foundation
import Testing

@testable import TokenCtl

/// The scripts are judged by the shell they are for: what it prints for words before the cursor.
@Suite struct CompletionTests {
    @Test(arguments: [
        (["journal"], ["show", "verify", "export"]),
        (["--socket", "/x", "case"], ["open", "list", "close"]),
        (["reader", "--give"], ["raw", "pcsc"]),
        (["reader", "X", "--measure", "10"], ["--give", "--this-one", "--json"]),
        (["profile", "check"], ["<file>"]),
        (["--bodies"], ["<file>"]),
        (["template", "preview"], ["receipt", "--training"]),
        ([], ["status", "journal", "completion", "--help"]),
        (["completion"], ["bash", "zsh"]),
    ])
    func afterTheseWordsTheseMayFollow(_ given: [String], _ wanted: [String]) throws {
        let offered = try Self.choices(given)
        #expect(offered.isSuperset(of: wanted), "\(given): \(offered.sorted())")
    }

    @Test func aFreeValueOffersNothing() throws {
        #expect(try Self.choices(["restore", "--request"]).isEmpty)
    }

    @Test(arguments: CommandShape.all)
    func eachCommandOffersItsOptions(_ shape: CommandShape) throws {
        let offered = try Self.choices(shape.name.split(separator: " ").map(String.init))
        let all = shape.values + shape.lists + shape.flags + CommandShape.everywhere
        #expect(offered.isSuperset(of: all), "\(shape.name)")
    }

    @Test func bothShellsHaveTheSameChoices() {
        let ends = Completion.allCases.map { shell -> Substring? in
            let text = shell.text
            return text.range(of: "_tokenctl_choices() {").flatMap { start in
                text.range(of: "\n}\n").map { text[start.lowerBound..<$0.upperBound] }
            }
        }
        #expect(ends[0] != nil)
        #expect(ends[0] == ends[1])
    }

    private static func choices(_ words: [String]) throws -> Set<String> {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/bash")
        shell.arguments = ["-c", Completion.bash.text + "_tokenctl_choices \"$@\"", "bash"] + words
        let output = Pipe()
        shell.standardOutput = output
        try shell.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        try #require(shell.terminationStatus == 0)
        return Set(
            String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace)
                .map(String.init))
    }
}
