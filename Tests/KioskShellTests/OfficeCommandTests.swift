import Foundation
import System
import Testing

@testable import KioskShell

/// A command of the office's is a child that the shell survives, whatever it does.
@Suite struct OfficeCommandTests {
    private static func run(
        _ command: String, _ html: String = "<p>x</p>", limit: Duration = .seconds(60)
    ) throws -> CommandEnd? {
        let events = try EventLoop()
        let runner = OfficeCommand(command, events: events, limit: limit)
        runner.run(Ticket(number: 7), html)
        for _ in 0..<6_000 {
            for token in try events.wait(.milliseconds(10)) { _ = runner.ready(token) }
            runner.look()
            if let end = runner.takeEnds().first {
                #expect(end.ticket == Ticket(number: 7))
                #expect(runner.deadline == nil)
                return end.end
            }
        }
        return nil
    }

    static let page = "<p>Ế</p>" + String(repeating: "x", count: 300_000)

    /// command, how it ends.
    static let commands: [(String, CommandEnd)] = [
        ("true", .done), ("cat >/dev/null; echo fine", .done),
        ("exit 3", .failed(3, "")), ("echo no paper >&2; exit 1", .failed(1, "no paper\n")),
        ("kill -TERM $$", .failed(143, "")),
        // The page comes whole, and whoever does not read it is not waited for.
        ("test \"$(wc -c)\" -eq \(page.utf8.count)", .done),
        ("head -c 9 | grep -q Ế", .done),
        // No terminal, and a session of its own.
        ("if tty -s || test -t 1 || test -t 2; then exit 9; fi", .done),
        ("(exec </dev/tty) 2>/dev/null && exit 9; exit 0", .done),
        ("read -r _ _ _ _ _ session _ </proc/$$/stat; test \"$session\" -eq $$", .done),
        // What it leaves running behind it is not waited for either.
        ("sleep 3 & exit 4", .failed(4, "")),
    ]

    @Test(arguments: commands.indices)
    func theEndIsTheCommands(_ row: Int) throws {
        let (command, end) = Self.commands[row]
        #expect(try Self.run(command, Self.page) == end, "\(command)")
    }

    @Test func aCommandThatNeverEndsIsEndedWithWhatItStarted() throws {
        let end = try Self.run("echo begun; sleep 600 | sleep 600", limit: .milliseconds(200))
        #expect(end == .timedOut("begun\n"))
    }

    /// Sessions of their own, with and without a parent that lives.
    @Test(arguments: [
        #"setsid sh -c "$H""#, #"(setsid sh -c "$H" &)"#, #"(setsid setsid sh -c "$H" &) &"#,
    ])
    func whatDetachedItselfIsEndedToo(_ start: String) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("command-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("held").path
        #expect(mkfifo(path, 0o600) == 0)
        let held = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(held) }
        // Whoever lives keeps the other end of the pipe open.
        let end = try Self.run(
            "H='exec 9>\(path); echo x >&9; sleep 600'\n\(start)\nsleep 600",
            limit: .seconds(3))
        #expect(end == .timedOut(""))
        var byte: UInt8 = 0
        #expect(read(held, &byte, 1) == 1, "it never began")
        var rest = -1
        for _ in 0..<2_000 {
            rest = read(held, &byte, 1)
            if rest == 0 { break }
            usleep(10_000)
        }
        #expect(rest == 0, "it lives")
    }

    @Test func whatItSaysIsBounded() throws {
        guard case .failed(1, let said) = try Self.run("yes | head -c 500000; exit 1") else {
            Issue.record("no end")
            return
        }
        #expect(said.utf8.count == OfficeCommand.mostSaid)
    }

    @Test func optionsHandTheCommandToTheScreenProcess() throws {
        let options = try Options(["--print", "weasyprint - - | lp"])
        #expect(options.print == "weasyprint - - | lp")
        #expect(try Options(options.forScreen).print == options.print)
        #expect(throws: Options.Mistake.self) { try Options(["--print", ""]) }
        #expect(throws: Options.Mistake.self) { try Options(["--print"]) }
    }
}
